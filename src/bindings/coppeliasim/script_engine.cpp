#include "bindings/coppeliasim/script_engine.h"

#include "bindings/coppeliasim/lua_files.h"
#include "script/function_table.h"

#include <cstddef>
#include <limits>
#include <utility>

namespace simws::coppeliasim {

namespace {

using script::Callback;
using script::Type;
using script::Value;

void take_results(const Stack& stack, std::span<Value> results) {
  if (results.empty()) return;
  const std::size_t count = stack.size();
  for (std::size_t i = 0; i < count && i < results.size(); ++i) results[i] = stack.take_first();
}

}  // namespace

Result<script::KeptFunction> ScriptEngine::keep(script::Function argument) {
  return script::KeptFunction{argument, script::max_callback_parameters};
}

// Whether there is such a function shows when it's called. Without simWS.lua it gets what the WS
// plugin's handlers got.
std::optional<std::size_t> ScriptEngine::find(const Callback& callback) {
  found_ = &callback;
  constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();
  return has_module_ ? any_number : script::callback_row(callback.kind).always;
}

Result<void> ScriptEngine::call(std::span<const Value> arguments, std::span<Value> results) {
  const Callback& callback = *found_;
  if (has_ended_) return Error{ErrorCode::callback_failed, "the script has ended"};
  const OwnedStack stack(simulator_);
  if (has_module_) stack.push(script::data_value(callback.name));
  if (!push_arguments(stack, callback, arguments)) {
    return Error{ErrorCode::callback_failed,
                 "not called: the data is too large for the simulator (2^31 bytes or more)"};
  }
  return has_module_ ? call_module(callback, stack, results)
                     : call_function(callback, stack, results);
}

bool ScriptEngine::push_arguments(const Stack& stack, const Callback& callback,
                                  std::span<const Value> arguments) const {
  const auto parameters = script::callback_row(callback.kind).parameters;
  bool is_whole = true;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Value& argument = arguments[i];
    const bool is_pushed = parameters[i].type == Type::data
                               ? stack.push_data(argument.text().value_or(""))
                               : stack.push(argument);
    if (const auto* data = argument.as<script::Data>()) data->let_go();
    is_whole = is_pushed && is_whole;
  }
  return is_whole;
}

// simWS.lua answers with nothing or true and the results when the handler has returned, false when
// there's no such function, and a text when it raised an error.
Result<void> ScriptEngine::call_module(const Callback& callback, const OwnedStack& stack,
                                       std::span<Value> results) const {
  const int status = simulator_.call_script_function_ex(
      script_ | silent, module_entry(callback.kind), stack.handle());
  if (status == -1) return failure_of_call();
  if (stack.size() == 0) return {};
  const Value outcome = stack.take_first();
  if (const auto message = outcome.text()) {
    return Error{ErrorCode::callback_failed, std::string(*message)};
  }
  const auto* has_returned = outcome.as<bool>();
  if (has_returned && !*has_returned) return Error{ErrorCode::callback_missing, ""};
  take_results(stack, results);
  return {};
}

Result<void> ScriptEngine::call_function(const Callback& callback, const OwnedStack& stack,
                                         std::span<Value> results) const {
  const int status =
      simulator_.call_script_function_ex(script_ | silent, callback.name.c_str(), stack.handle());
  if (status == -1) return failure_of_call();
  take_results(stack, results);
  return {};
}

// The simulator has logged the error itself, with its traceback.
Error ScriptEngine::failure_of_call() const {
  const std::string reason = simulator_.take_text(simulator_.get_last_error());
  if (reason.find("failed calling script function") != std::string::npos) {
    return {ErrorCode::callback_missing, ""};
  }
  return {ErrorCode::callback_failed,
          "the script raised an error, which ends it; load simWS by "
          "require 'simWS' to have it go on"};
}

std::optional<std::string> ScriptEngine::named_parameter(std::string_view name) {
  const std::string key(name);
  std::string value = simulator_.take_text(simulator_.get_named_string_param(key.c_str(), nullptr));
  if (value.empty() && name == "simWS.userAgent") value = user_agent(simulator_);
  if (value.empty() && name == "simWS.infoPage") value = "false";
  if (value.empty()) return std::nullopt;
  return value;
}

}  // namespace simws::coppeliasim
