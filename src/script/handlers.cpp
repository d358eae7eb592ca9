#include "script/handlers.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace simws::script {

Handlers::~Handlers() {
  for (Endpoint& endpoint : endpoints_) {
    for (auto& callback : endpoint.callbacks) retire(std::move(callback));
  }
  for (const auto& callback : retired_) release(*callback);
}

void Handlers::add(dispatch::EndpointId endpoint) {
  endpoints_.push_back({endpoint, {}});
}

void Handlers::remove(dispatch::EndpointId endpoint) {
  Endpoint* const found = find_endpoint(endpoint);
  if (!found) return;
  for (auto& callback : found->callbacks) retire(std::move(callback));
  endpoints_.erase(endpoints_.begin() + (found - endpoints_.data()));
}

Result<bool> Handlers::set(dispatch::EndpointId endpoint, CallbackKind kind, const Value& value) {
  if (!find_endpoint(endpoint)) return false;
  // Code of the script may run here, which may start and stop servers.
  auto made = make(kind, value);
  if (!made) return made.error();
  std::unique_ptr<Callback> callback = std::move(*made);
  Endpoint* const found = find_endpoint(endpoint);
  if (!found) {
    retire(std::move(callback));
    return false;
  }
  auto& slot = found->callbacks[static_cast<std::size_t>(kind)];
  if (callback && slot) callback->is_reported = slot->is_reported && slot->name == callback->name;
  retire(std::exchange(slot, std::move(callback)));
  return true;
}

Callback* Handlers::find(dispatch::EndpointId endpoint, CallbackKind kind) {
  Endpoint* const found = find_endpoint(endpoint);
  return found ? found->callbacks[static_cast<std::size_t>(kind)].get() : nullptr;
}

Handlers::Running::~Running() {
  if (--handlers_.running_ > 0 || handlers_.retired_.empty()) return;
  for (const auto& callback : handlers_.retired_) handlers_.release(*callback);
  handlers_.retired_.clear();
}

Handlers::Endpoint* Handlers::find_endpoint(dispatch::EndpointId id) {
  const auto found = std::ranges::lower_bound(endpoints_, id, {}, &Endpoint::id);
  return found != endpoints_.end() && found->id == id ? &*found : nullptr;
}

Result<std::unique_ptr<Callback>> Handlers::make(CallbackKind kind, const Value& value) {
  const std::string name(value.text().value_or(""));
  const auto* function = value.as<Function>();
  if (!function && name.empty()) return std::unique_ptr<Callback>();
  auto callback = std::make_unique<Callback>();
  callback->name = name;
  callback->kind = kind;
  if (!function) {
    const auto kept = engine_.keep_name(name);
    if (!kept) return kept.error();
    callback->function = *kept;
    return callback;
  }
  const auto kept = engine_.keep(*function);
  if (!kept) return kept.error();
  callback->function = kept.value().function;
  callback->arity = kept.value().arity;
  return callback;
}

void Handlers::retire(std::unique_ptr<Callback> callback) {
  if (!callback) return;
  if (running_ > 0) {
    retired_.push_back(std::move(callback));
  } else {
    release(*callback);
  }
}

void Handlers::release(const Callback& callback) {
  if (callback.name.empty() || callback.function.key != 0) engine_.release(callback.function);
}

}  // namespace simws::script
