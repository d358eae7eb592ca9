#include "host/python/host_binding.h"

#include "bindings/python/exceptions.h"

#include <string>
#include <utility>

namespace simws::host {

HostBinding::HostBinding(Simulation& simulation, python::PythonEngine& engine,
                         Interrupter& interrupter)
    : simulation_(&simulation), engine_(&engine), interrupter_(&interrupter) {
  main_.take();
}

void HostBinding::end() {
  simulation_ = nullptr;
  engine_ = nullptr;
  interrupter_ = nullptr;
  api_ = nullptr;
}

script::Api* HostBinding::enter(const script::FunctionRow& row, PyObject* error_type) {
  const python::ThreadOwner& owner = is_thread_running_ ? thread_ : main_;
  if (api_ && !is_forked_ && owner.is_current()) {
    ++calls_;
    return api_;
  }
  const std::string why = !api_        ? "the script has ended"
                          : is_forked_ ? std::string(python::refusal_after_fork)
                                       : owner.refusal();
  python::raise({ErrorCode::invalid_state, script::Signature(row).full_name() + ": " + why},
                error_type);
  return nullptr;
}

void HostBinding::adopt_thread() {
  thread_.take();
  thread_ident_ = PyThread_get_thread_ident();
  set_thread_running(true);
}

void HostBinding::set_thread_running(bool is_running) {
  is_thread_running_ = is_running;
  if (interrupter_) interrupter_->set_thread(is_running ? thread_ident_ : 0);
}

bool HostBinding::may_wait() const {
  return api_ && is_thread_running_ && thread_.is_current() && !api_->is_delivering();
}

void HostBinding::interrupt_thread(unsigned long ident) {
  if (interrupter_) interrupter_->interrupt_thread(ident);
}

}  // namespace simws::host
