#include "host/python/python_script.h"

#include "bindings/python/exceptions.h"
#include "bindings/python/python_module.h"
#include "host/python/modules.h"
#include "host/signals.h"

#include <iostream>

namespace simws::host {

using python::Object;

namespace {

// While it lives, sysCall_thread runs, and the script's main thread waits for it.
class ThreadRunning {
 public:
  explicit ThreadRunning(HostBinding& binding) : binding_(binding) {
    binding_.set_thread_running(true);
  }
  ~ThreadRunning() { binding_.set_thread_running(false); }
  ThreadRunning(const ThreadRunning&) = delete;
  ThreadRunning& operator=(const ThreadRunning&) = delete;

 private:
  HostBinding& binding_;
};

// The module simWS goes to the script's host.
class ModuleBinding final : public python::Binding {
 public:
  explicit ModuleBinding(std::shared_ptr<HostBinding> host) : host_(std::move(host)) {}

  script::Api* enter(const script::FunctionRow& row) override {
    return host_->enter(row, error_type());
  }
  void leave() override { host_->leave(); }
  python::PythonEngine& engine() override { return host_->engine(); }

 private:
  const std::shared_ptr<HostBinding> host_;
};

Object list_of(const std::vector<std::string>& texts) {
  Object list = Object::take(PyList_New(0));
  for (const std::string& text : texts) {
    const Object item = Object::take(PyUnicode_DecodeFSDefault(text.c_str()));
    if (!list || !item || PyList_Append(list.get(), item.get()) != 0) return {};
  }
  return list;
}

}  // namespace

std::optional<std::string> PythonScript::Engine::named_parameter(std::string_view name) {
  return script_.simulation_.named_parameter(name);
}

bool PythonScript::Engine::is_interrupted() {
  return is_ending(script_) || has_exception();
}

// Inside a call of the script's, the call raises what the handler raised.
Result<void> PythonScript::Engine::call(std::span<const script::Value> arguments,
                                        std::span<script::Value> results) {
  auto called = PythonEngine::call(arguments, results);
  const bool is_forked = script_.binding_->is_forked();
  const bool ends = has_exception() && !script_.binding_->is_in_call();
  if (!ends && !is_forked) return called;
  const bool was_unlocked = is_unlocked();
  if (was_unlocked) lock();
  if (has_exception()) script_.end_by(take_exception());
  if (is_forked) script_.ask("end_fork", nullptr);
  if (was_unlocked) unlock();
  return called;
}

PythonScript::PythonScript(Simulation& simulation, PyObject* make_script)
    : simulation_(simulation),
      make_script_(Object::share(make_script)),
      engine_(*this),
      binding_(std::make_shared<HostBinding>(simulation, engine_, interrupter_)) {}

PythonScript::~PythonScript() {
  binding_->end();
}

bool PythonScript::add_modules(script::Api& api) {
  engine_.attach(&api);
  binding_->begin(api);
  interrupter_.begin();
  const Object host = make_host_module(binding_);
  const Object sim = host ? make_sim_module(binding_) : Object();
  const Object sim_ws =
      sim ? python::make_module(std::make_unique<ModuleBinding>(binding_)) : Object();
  script_ = Object::take(sim_ws ? PyObject_CallFunctionObjArgs(make_script_.get(), host.get(),
                                                               sim.get(), sim_ws.get(), nullptr)
                                : nullptr);
  if (!script_) report_exception();
  return static_cast<bool>(script_);
}

void PythonScript::end_modules() {
  interrupter_.cancel();
  binding_->end();
  engine_.attach(nullptr);
}

Outcome PythonScript::run_file(const std::string& path, const std::vector<std::string>& arguments) {
  const Object name = Object::take(PyUnicode_DecodeFSDefault(path.c_str()));
  const Object list = name ? list_of(arguments) : Object();
  if (list) return run("run_file", "OO", name.get(), list.get());
  report_exception();
  return Outcome::failed;
}

bool PythonScript::has_function(const char* name) {
  const Object found = ask("has_function", "s", name);
  return found.get() == Py_True;
}

Outcome PythonScript::call(const char* name) {
  return run("call", "s", name);
}

void PythonScript::make_thread(const char* name) {
  ask("make_thread", "s", name);
}

Outcome PythonScript::resume_thread() {
  const ThreadRunning running(*binding_);
  return run("resume_thread", nullptr);
}

Outcome PythonScript::end_thread() {
  const ThreadRunning running(*binding_);
  return run("end_thread", nullptr);
}

bool PythonScript::is_thread_lost() const {
  return script_ && python::attribute(script_.get(), "is_thread_lost").get() == Py_True;
}

void PythonScript::interrupt_after(std::chrono::milliseconds grace) {
  interrupter_.interrupt_after(grace);
}

void PythonScript::cancel_interrupt() {
  interrupter_.cancel();
}

void PythonScript::end_by(const python::Exception& exception) {
  ask("end_by", "O", exception.value());
}

template <typename... Arguments>
Object PythonScript::ask(const char* method, const char* format, Arguments... arguments) {
  Object answer = Object::take(PyObject_CallMethod(script_.get(), method, format, arguments...));
  if (!answer) report_exception();
  note_exit_code();
  return answer;
}

template <typename... Arguments>
Outcome PythonScript::run(const char* method, const char* format, Arguments... arguments) {
  const Object answer = ask(method, format, arguments...);
  if (answer) return static_cast<Outcome>(PyLong_AsLong(answer.get()));
  return interrupter_.has_interrupted() ? Outcome::ended : Outcome::failed;
}

// An interruption can come between the script and what calls it, too.
void PythonScript::report_exception() const {
  const auto exception = python::Exception::take();
  if (!interrupter_.has_interrupted()) std::cerr << "simws: " << exception.text() << '\n';
}

void PythonScript::note_exit_code() {
  const Object code = python::attribute(script_.get(), "exit_code");
  if (code && code.get() != Py_None) exit_code_ = static_cast<int>(PyLong_AsLong(code.get()));
}

}  // namespace simws::host
