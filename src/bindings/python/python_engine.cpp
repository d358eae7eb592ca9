#include "bindings/python/python_engine.h"

#include <array>
#include <utility>

namespace simws::python {

namespace {

using script::Callback;
using script::Function;
using script::Value;

PyObject* object_of(Function function) {
  return reinterpret_cast<PyObject*>(function.key);
}

Function function_of(Object object) {
  return {reinterpret_cast<std::intptr_t>(object.release())};
}

// (globals of the module whose code runs, parts of the name...). None, with an exception set:
// memory ran out.
Object make_path(std::string_view name) {
  PyObject* globals = PyEval_GetGlobals();
  if (!globals) globals = PyModule_GetDict(PyImport_AddModule("__main__"));
  const Object text = to_object(script::data_value(name));
  const Object dot = Object::take(PyUnicode_InternFromString("."));
  const Object path =
      Object::take(text && dot ? PyUnicode_Split(text.get(), dot.get(), -1) : nullptr);
  if (!path || PyList_Insert(path.get(), 0, globals) != 0) return {};
  return Object::take(PyList_AsTuple(path.get()));
}

// What the path leads to now. None, maybe with an exception set: nothing that can be called.
Object look_up(PyObject* path) {
  PyObject* const globals = PyTuple_GetItem(path, 0);
  Object place = Object::share(PyDict_GetItemWithError(globals, PyTuple_GetItem(path, 1)));
  for (Py_ssize_t i = 2; place && i < PyTuple_Size(path); ++i) {
    place = Object::take(PyObject_GetAttr(place.get(), PyTuple_GetItem(path, i)));
  }
  return place && PyCallable_Check(place.get()) != 0 ? place : Object();
}

// The same text as the object's.
bool is_text(PyObject* object, std::string_view text) {
  Py_ssize_t size = 0;
  const char* const bytes = object ? PyUnicode_AsUTF8AndSize(object, &size) : nullptr;
  return bytes && std::string_view(bytes, static_cast<std::size_t>(size)) == text;
}

// A buffer's bytes are copied, so that the script can change its size again.
void own_buffer(Value& value, PyObject* object) {
  const auto* data = value.as<script::Data>();
  if (!data || PyUnicode_Check(object) || PyBytes_Check(object)) return;
  value = Value{std::string(data->bytes)};
}

Object simws_logger() {
  const Object get = imported("logging", "getLogger");
  return get ? Object::take(PyObject_CallFunction(get.get(), "s", "simWS")) : Object();
}

}  // namespace

// For what calls Python while others may have the interpreter's lock. An exception that ends the
// program ends the wait that it comes in, too.
class PythonEngine::WithLock {
 public:
  explicit WithLock(PythonEngine& engine) : engine_(engine), was_unlocked_(engine.is_unlocked()) {
    if (was_unlocked_) engine_.lock();
    engine_.is_in_wait_ = engine_.is_in_wait_ || was_unlocked_;
  }
  ~WithLock() {
    engine_.swallow_exception();
    if (!was_unlocked_) return;
    engine_.is_in_wait_ = false;
    engine_.unlock();
  }
  WithLock(const WithLock&) = delete;
  WithLock& operator=(const WithLock&) = delete;

 private:
  PythonEngine& engine_;
  const bool was_unlocked_;
};

PythonEngine::PythonEngine()
    : tasks_([this](const std::string& line) {
        if (api_) api_->log(LogLevel::error, line);
      }) {}

Result<script::KeptFunction> PythonEngine::keep(Function argument) {
  const std::size_t arity = arity_of(object_of(argument));
  swallow_exception();
  return script::KeptFunction{function_of(Object::share(object_of(argument))), arity};
}

Result<Function> PythonEngine::keep_name(std::string_view name) {
  Object path = make_path(name);
  if (path) return function_of(std::move(path));
  swallow_exception();
  return Error{ErrorCode::unavailable, "out of memory"};
}

void PythonEngine::release(Function kept) {
  released_.push_back(Object::take(object_of(kept)));
}

// What it frees may run code of the script, which may release more.
void PythonEngine::forget_released() {
  if (released_.empty()) return;
  const std::vector<Object> forgotten = std::exchange(released_, {});
}

std::optional<std::size_t> PythonEngine::find(const Callback& callback) {
  const bool was_unlocked = is_unlocked();
  if (was_unlocked) lock();
  const bool is_named = !callback.name.empty();
  PyObject* const kept = object_of(callback.function);
  Object function = is_named ? look_up(kept) : Object::share(kept);
  if (!function) {
    swallow_exception();
    if (was_unlocked) unlock();
    return std::nullopt;
  }
  const std::size_t arity = is_named ? arities_.of(function.get()) : callback.arity;
  swallow_exception();
  found_ = {std::move(function), was_unlocked};
  is_in_wait_ = is_in_wait_ || was_unlocked;
  return arity;
}

Result<void> PythonEngine::call(std::span<const Value> arguments, std::span<Value> results) {
  Found found = std::exchange(found_, {});
  auto called = call_found(found.function.get(), arguments, results);
  forget_released();
  found.function = {};
  if (found.was_unlocked) {
    is_in_wait_ = false;
    unlock();
  }
  return called;
}

// Handles mostly are those of the event before.
Object PythonEngine::argument(const Value& value, std::size_t place) {
  const auto* data = value.as<script::Data>();
  if (!data || data->kind != script::DataKind::handle) return to_object(value);
  Object& latest = handles_[place];
  if (!is_text(latest.get(), data->bytes)) latest = to_object(value);
  return latest;
}

Result<void> PythonEngine::call_found(PyObject* function, std::span<const Value> arguments,
                                      std::span<Value> results) {
  std::array<Object, script::max_callback_parameters> given;
  const script::ToldData<PyObject*>::Telling telling(told_);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    given[i] = argument(arguments[i], i);
    if (!given[i]) return failure();
    if (const auto* data = arguments[i].as<script::Data>()) told_.tell(given[i].get(), *data);
  }
  Object result = Object::take(
      PyObject_CallFunctionObjArgs(function, given[0].get(), given[1].get(), given[2].get(),
                                   given[3].get(), given[4].get(), given[5].get(), nullptr));
  if (!result) return failure();
  if (is_generator(result.get())) {
    return Error{ErrorCode::callback_failed,
                 "returned a generator, of which nothing has run; take the 'yield' out of the "
                 "handler"};
  }
  if (!results.empty() && is_awaitable(result.get())) return fill_later(result.get());
  if (!results.empty()) return fill(std::move(result), results);
  return result.get() == Py_None ? Result<void>() : finish(result.get());
}

// What other callbacks return is nobody's, but for the rest of their work.
Result<void> PythonEngine::finish(PyObject* result) {
  return is_awaitable(result) ? tasks_.start(result) : Result<void>();
}

Result<void> PythonEngine::fill(Object result, std::span<Value> results) {
  constexpr std::array wanted = {script::Type::integer, script::Type::data, script::Type::map};
  borrowed_.clear();
  result_ = std::move(result);
  const bool is_tuple = PyTuple_Check(result_.get());
  const Py_ssize_t count = is_tuple ? PyTuple_Size(result_.get()) : 1;
  if (count > static_cast<Py_ssize_t>(results.size())) {
    return Error{ErrorCode::callback_failed, "returned " + std::to_string(count) +
                                                 " values; expected status, data and headers"};
  }
  for (Py_ssize_t i = 0; i < count; ++i) {
    const auto index = static_cast<std::size_t>(i);
    PyObject* const item = is_tuple ? PyTuple_GetItem(result_.get(), i) : result_.get();
    results[index] = to_value(item, wanted[index], borrowed_);
    own_buffer(results[index], item);
  }
  borrowed_.release_buffers();
  return {};
}

// Only a task that runs has the answer waited for; it can't end before the loop goes on.
Result<void> PythonEngine::fill_later(PyObject* awaitable) {
  auto later = std::make_shared<script::LaterAnswer>();
  const auto started = tasks_.start(awaitable, [this, later](Result<Object> outcome) {
    if (!api_) return;
    std::array<Value, script::max_callback_results> results;
    const auto called = outcome ? fill(std::move(*outcome), results) : outcome.error();
    api_->finish_answer(*later, called, results);
  });
  if (started) *later = api_->answer_later();
  return started;
}

// It's configured when a handler would get our lines.
bool PythonEngine::has_log() {
  const WithLock lock(*this);
  if (!PyDict_GetItemString(PyImport_GetModuleDict(), "logging")) return false;
  const Object logger = simws_logger();
  const Object has_handlers =
      Object::take(logger ? PyObject_CallMethod(logger.get(), "hasHandlers", nullptr) : nullptr);
  return has_handlers && PyObject_IsTrue(has_handlers.get()) == 1;
}

void PythonEngine::write_log(LogLevel level, std::string_view line) {
  constexpr std::array<int, 4> levels = {10, 20, 30, 40};
  const WithLock lock(*this);
  const Object logger = simws_logger();
  if (!logger) return;
  Object::take(PyObject_CallMethod(logger.get(), "log", "is#",
                                   levels[static_cast<std::size_t>(level)], line.data(),
                                   static_cast<Py_ssize_t>(line.size())));
}

Result<void> PythonEngine::failure() {
  Exception exception = Exception::take();
  if (!exception.ends_the_program()) return Error{ErrorCode::callback_failed, exception.text()};
  keep(std::move(exception));
  return {};
}

void PythonEngine::keep_exception() {
  keep(Exception::take());
}

void PythonEngine::keep(Exception exception) {
  if (!exception_) exception_ = std::move(exception);
  if (!api_) return;
  api_->end_pass();
  if (is_in_wait_) api_->interrupt();
}

bool PythonEngine::raise_exception() {
  if (!exception_) return false;
  std::exchange(exception_, {}).raise();
  return true;
}

void PythonEngine::swallow_exception() {
  if (!PyErr_Occurred()) return;
  Exception exception = Exception::take();
  if (exception.ends_the_program()) keep(std::move(exception));
}

}  // namespace simws::python
