// How handlers of a script of the simulator are called.
#pragma once

#include "bindings/coppeliasim/simulator.h"
#include "bindings/coppeliasim/stack.h"
#include "script/engine.h"
#include "script/value.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace simws::coppeliasim {

class ScriptEngine final : public script::Engine {
 public:
  ScriptEngine(const Simulator& simulator, int script) : simulator_(simulator), script_(script) {}

  // The script has loaded simWS.lua, which calls handlers in protected mode.
  void use_module() { has_module_ = true; }
  // The script can't be called any more.
  void end() { has_ended_ = true; }

  Result<script::KeptFunction> keep(script::Function argument) override;
  void release(script::Function) override {}  // simWS.lua does
  std::optional<std::size_t> find(const script::Callback& callback) override;
  Result<void> call(std::span<const script::Value> arguments,
                    std::span<script::Value> results) override;
  std::optional<std::string> named_parameter(std::string_view name) override;

  // A script of the simulator never waits.
  void begin_waiting(script::Api&) override {}
  bool is_interrupted() override { return false; }
  void end_waiting(bool) override {}

 private:
  bool push_arguments(const Stack& stack, const script::Callback& callback,
                      std::span<const script::Value> arguments) const;
  Result<void> call_module(const script::Callback& callback, const OwnedStack& stack,
                           std::span<script::Value> results) const;
  Result<void> call_function(const script::Callback& callback, const OwnedStack& stack,
                             std::span<script::Value> results) const;
  Error failure_of_call() const;

  const Simulator& simulator_;
  const int script_;
  bool has_module_ = false;
  bool has_ended_ = false;
  const script::Callback* found_ = nullptr;
};

}  // namespace simws::coppeliasim
