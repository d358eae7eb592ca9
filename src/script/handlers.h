// The handlers that a script has set, per server or client, and kind.
#pragma once

#include "dispatch/event.h"
#include "script/callback_kind.h"
#include "script/engine.h"

#include <simws/result.h>

#include <array>
#include <memory>
#include <vector>

namespace simws::script {

// Whose the log's handler is. No server or client has this number.
inline constexpr dispatch::EndpointId no_endpoint = 0;

class Handlers {
 public:
  explicit Handlers(Engine& engine) : engine_(engine) {}
  // Releases the functions.
  ~Handlers();
  Handlers(const Handlers&) = delete;
  Handlers& operator=(const Handlers&) = delete;

  void add(dispatch::EndpointId endpoint);
  // Forgets all handlers of the server or client.
  void remove(dispatch::EndpointId endpoint);

  // `value` has been checked: a function, a name, or nil or an empty name for none. False: there's
  // no such server or client.
  Result<bool> set(dispatch::EndpointId endpoint, CallbackKind kind, const Value& value);

  // Null when none is set.
  Callback* find(dispatch::EndpointId endpoint, CallbackKind kind);

  // While a handler runs, handlers that are replaced or removed stay where they are.
  class Running {
   public:
    explicit Running(Handlers& handlers) : handlers_(handlers) { ++handlers_.running_; }
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    Handlers& handlers_;
  };

 private:
  struct Endpoint {
    dispatch::EndpointId id = 0;
    std::array<std::unique_ptr<Callback>, callback_kind_count> callbacks;  // by kind
  };

  Endpoint* find_endpoint(dispatch::EndpointId id);
  Result<std::unique_ptr<Callback>> make(CallbackKind kind, const Value& value);
  void retire(std::unique_ptr<Callback> callback);
  void release(const Callback& callback);

  Engine& engine_;
  std::vector<Endpoint> endpoints_;  // by id, which only grows
  std::vector<std::unique_ptr<Callback>> retired_;
  int running_ = 0;
};

}  // namespace simws::script
