#include "bindings/python/tasks.h"

#include "bindings/python/exceptions.h"

#include <utility>

namespace simws::python {

// What the tasks' callbacks hold.
struct Tasks::Shared {
  Object running;  // a set: asyncio itself keeps no reference that counts
  std::function<void(const std::string&)> log;
};

namespace {

using SharedPtr = std::shared_ptr<Tasks::Shared>;

// None, with no exception set: no loop runs on this thread.
Object running_loop() {
  const Object name = Object::take(PyUnicode_FromString("asyncio"));
  const Object asyncio = Object::take(name ? PyImport_GetModule(name.get()) : nullptr);
  const Object get = asyncio ? attribute(asyncio.get(), "get_running_loop") : Object();
  Object loop = Object::take(get ? PyObject_CallObject(get.get(), nullptr) : nullptr);
  if (!loop) forget_exception();
  return loop;
}

Object call_method(PyObject* object, const char* name, PyObject* argument = nullptr) {
  const Object method = Object::take(PyObject_GetAttrString(object, name));
  if (!method) return {};
  return Object::take(PyObject_CallFunctionObjArgs(method.get(), argument, nullptr));
}

std::string name_of(PyObject* task) {
  const Object coroutine = call_method(task, "get_coro");
  forget_exception();
  const Object name = coroutine ? attribute(coroutine.get(), "__qualname__") : Object();
  const char* const text = name ? PyUnicode_AsUTF8AndSize(name.get(), nullptr) : nullptr;
  forget_exception();
  return text ? text : "of an asyncio task";
}

bool is_cancelled(PyObject* task) {
  const Object cancelled = call_method(task, "cancelled");
  return !cancelled || PyObject_IsTrue(cancelled.get()) != 0;
}

bool ends_the_program(PyObject* task) {
  const Object failure = call_method(task, "exception");
  const bool ends = failure && Exception::is_end(failure.get());
  forget_exception();
  return ends;
}

Result<Object> outcome_of(PyObject* task) {
  if (is_cancelled(task)) return Error{ErrorCode::callback_failed, "its task was cancelled"};
  const Object failure = call_method(task, "exception");
  if (failure && failure.get() != Py_None) {
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(failure.get())), failure.get());
  } else if (Object result = call_method(task, "result")) {
    return result;
  }
  return Error{ErrorCode::callback_failed, Exception::take().text()};
}

// A task that nobody waits for may be cancelled; one that ends the program is asyncio's to raise.
void report(const Tasks::Shared& shared, PyObject* task) {
  if (is_cancelled(task) || ends_the_program(task)) return;
  const Result<Object> outcome = outcome_of(task);
  if (outcome) return;
  shared.log("asynchronous callback " + name_of(task) + ": " + outcome.error().message);
}

// What the done callback of a task holds.
struct Done {
  SharedPtr shared;
  Tasks::Finished finished;
};

PyObject* on_done(PyObject* self, PyObject* task) {
  const auto& done = *static_cast<Done*>(PyCapsule_GetPointer(self, nullptr));
  const bool is_known = PySet_Discard(done.shared->running.get(), task) >= 0;
  if (is_known && done.shared->log) {
    done.finished ? done.finished(outcome_of(task)) : report(*done.shared, task);
  }
  if (PyErr_Occurred()) return nullptr;
  return Object::share(Py_None).release();
}

PyMethodDef done_method = {"simWS.on_done", on_done, METH_O, nullptr};

Object make_done_callback(Done done) {
  auto holder = std::make_unique<Done>(std::move(done));
  const Object capsule = Object::take(PyCapsule_New(holder.get(), nullptr, [](PyObject* self) {
    delete static_cast<Done*>(PyCapsule_GetPointer(self, nullptr));
  }));
  if (!capsule) return {};
  static_cast<void>(holder.release());
  return Object::take(PyCFunction_NewEx(&done_method, capsule.get(), nullptr));
}

// None, with an exception set, when it fails.
Object make_task(PyObject* loop, PyObject* awaitable) {
  const Object ensure_future = imported("asyncio", "ensure_future");
  const Object arguments = Object::take(PyTuple_New(1));
  const Object keywords = Object::take(PyDict_New());
  if (!ensure_future || !arguments || !keywords) return {};
  PyTuple_SetItem(arguments.get(), 0, Object::share(awaitable).release());
  if (PyDict_SetItemString(keywords.get(), "loop", loop) != 0) return {};
  return Object::take(PyObject_Call(ensure_future.get(), arguments.get(), keywords.get()));
}

}  // namespace

bool is_awaitable(PyObject* object) {
#if !defined(Py_LIMITED_API)
  const PyAsyncMethods* const methods = Py_TYPE(object)->tp_as_async;
  return methods && methods->am_await;
#else
  return PyType_GetSlot(Py_TYPE(object), Py_am_await) != nullptr;
#endif
}

bool is_generator(PyObject* object) {
#if !defined(Py_LIMITED_API)
  return PyGen_CheckExact(object) || PyAsyncGen_CheckExact(object);
#else
  const bool is_iterator = PyIter_Check(object) != 0;
  if (!is_iterator && PyAIter_Check(object) == 0) return false;
  const Object type = imported("types", is_iterator ? "GeneratorType" : "AsyncGeneratorType");
  forget_exception();
  return type.get() == reinterpret_cast<PyObject*>(Py_TYPE(object));
#endif
}

void discard(PyObject* awaitable) {
  if (const Object close = attribute(awaitable, "close")) {
    const Object closed = Object::take(PyObject_CallObject(close.get(), nullptr));
  }
  forget_exception();
}

Tasks::Tasks(std::function<void(const std::string&)> log) : shared_(std::make_shared<Shared>()) {
  shared_->running = Object::take(PySet_New(nullptr));
  shared_->log = std::move(log);
}

Tasks::~Tasks() {
  shared_->log = nullptr;
}

Result<void> Tasks::start(PyObject* awaitable, Finished finished) {
  const Object loop = running_loop();
  if (!loop) {
    discard(awaitable);
    return Error{ErrorCode::callback_failed,
                 "it is 'async def', and no asyncio loop runs here to run it; have a loop call "
                 "simWS.poll: loop.add_reader(simWS.fileno(), simWS.poll)"};
  }
  const Object task = make_task(loop.get(), awaitable);
  const Object done = task ? make_done_callback({shared_, std::move(finished)}) : Object();
  const bool is_kept = done && PySet_Add(shared_->running.get(), task.get()) == 0 &&
                       call_method(task.get(), "add_done_callback", done.get());
  if (is_kept) return {};
  return Error{ErrorCode::callback_failed, Exception::take().text()};
}

}  // namespace simws::python
