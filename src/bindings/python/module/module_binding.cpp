#include "bindings/python/module/module_binding.h"

#include "bindings/python/exceptions.h"

#include <chrono>
#include <string>

namespace simws::python {

namespace {

// A call that only waits leaves at once; one that computes is not waited for any longer.
constexpr std::chrono::seconds longest_wait_for_others{1};

constexpr std::string_view ended = "the program is ending";

}  // namespace

script::Api* ModuleBinding::enter(const script::FunctionRow& row) {
  if (is_forked()) {
    refuse(row, refusal_after_fork);
    return nullptr;
  }
  if (has_ended_ || engine_.is_ending()) {
    refuse(row, ended);
    return nullptr;
  }
  if (!owner_.is_current()) {
    if (!may_change_owner()) {
      refuse(row, owner_.refusal());
      return nullptr;
    }
    owner_.take();
  }
  if (!servers_) make_servers();
  ++calls_;
  return servers_->api.get();
}

void ModuleBinding::leave() {
  --calls_;
  if (!engine_.is_ending()) return;
  const std::lock_guard lock(mutex_);
  left_.notify_all();
}

void ModuleBinding::refuse(const script::FunctionRow& row, std::string_view why) const {
  raise({ErrorCode::invalid_state, "simWS." + std::string(row.name) + ": " + std::string(why)},
        error_type());
}

bool ModuleBinding::is_forked() const {
  return servers_ && engine_.is_forked();
}

bool ModuleBinding::may_change_owner() const {
  return calls_ == 0 && (!servers_ || !servers_->api->is_serving());
}

void ModuleBinding::make_servers() {
  engine_.begin_servers();
  servers_ = std::make_unique<Servers>(engine_);
  engine_.attach(servers_->api.get());
}

bool ModuleBinding::wait_for_others() {
  servers_->api->interrupt();
  Py_BEGIN_ALLOW_THREADS;
  std::unique_lock lock(mutex_);
  left_.wait_for(lock, longest_wait_for_others, [this] { return calls_ == 0; });
  Py_END_ALLOW_THREADS;
  return calls_ == 0;
}

void ModuleBinding::end() {
  if (has_ended_) return;
  const bool was_forked = is_forked();
  has_ended_ = true;
  engine_.end();
  if (!servers_) return;
  if (was_forked || (calls_ > 0 && !wait_for_others())) {
    static_cast<void>(servers_.release());
    return;
  }
  engine_.attach(nullptr);
  servers_->api.reset();
  engine_.forget_released();
  Py_BEGIN_ALLOW_THREADS;
  servers_.reset();
  Py_END_ALLOW_THREADS;
}

}  // namespace simws::python
