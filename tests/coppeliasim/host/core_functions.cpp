// The functions of the core that aren't about stacks alone.
#include "simulator.h"
#include "stacks.h"
#include "strict.h"

#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace simhost;

std::string text_of(const char* function, const char* text) {
  if (!text) misuse(function, "no text");
  return text;
}

constexpr const char* reason_of(CallOutcome outcome) {
  return outcome == CallOutcome::missing ? "failed calling script function."
                                         : "error in script function.";
}

}  // namespace

SIMHOST_EXPORT int simRegisterScriptCallbackFunction(const char* name, const char* reserved,
                                                     ScriptFunction function) {
  check_use(__func__);
  if (reserved) misuse(__func__, "the second argument must be null");
  return simulator().plugin().add_function(text_of(__func__, name), function);
}

SIMHOST_EXPORT int simRegisterScriptVariable(const char* name, const char* value, int stack) {
  check_use(__func__);
  if (stack != 0) misuse(__func__, "this host takes values as text only");
  return simulator().plugin().add_variable(text_of(__func__, name), text_of(__func__, value));
}

SIMHOST_EXPORT int simAddLog(const char* plugin, int verbosity, const char* line) {
  check_lives(__func__);
  simulator().log(verbosity & 0xfff, plugin ? plugin : "", text_of(__func__, line));
  return 1;
}

SIMHOST_EXPORT int simSetLastError(const char* function, const char* message) {
  check_use(__func__);
  if (function) misuse(__func__, "the first argument must be null");
  const std::string text = text_of(__func__, message);
  if (text.empty()) misuse(__func__, "an empty message");
  simulator().set_error(__func__, text);
  return 1;
}

SIMHOST_EXPORT char* simGetLastError() {
  check_use(__func__);
  const auto error = simulator().take_last_failure();
  return error ? buffers().copy(*error) : nullptr;
}

SIMHOST_EXPORT int simGetInt32Param(int id, int* value) {
  check_use(__func__);
  *value = simulator().int_parameter(id);
  if (*value < 0) misuse(__func__, "unknown parameter " + std::to_string(id));
  return 1;
}

SIMHOST_EXPORT int simGetScriptInt32Param(int handle, int id, int* value) {
  check_use(__func__);
  constexpr int type_parameter = 2;
  constexpr int types[] = {1, 6, 2, 8};
  if (id != type_parameter) misuse(__func__, "unknown parameter " + std::to_string(id));
  const Script& script = simulator().script_for_call(__func__, handle);
  *value = types[static_cast<int>(script.plan().kind)];
  return 1;
}

SIMHOST_EXPORT char* simGetScriptStringParam(int handle, int id, int* length) {
  check_use(__func__);
  constexpr int name_parameter = 3;
  if (id != name_parameter) misuse(__func__, "unknown parameter " + std::to_string(id));
  const std::string& name = simulator().script_for_call(__func__, handle).plan().name;
  *length = static_cast<int>(name.size());
  return buffers().copy(name);
}

// The length is written only when there is a value that isn't empty.
SIMHOST_EXPORT char* simGetNamedStringParam(const char* name, int* length) {
  check_use(__func__);
  const auto& parameters = simulator().parameters();
  const auto found = parameters.find(text_of(__func__, name));
  if (found == parameters.end() || found->second.empty()) return nullptr;
  if (length) *length = static_cast<int>(found->second.size());
  return buffers().copy(found->second);
}

SIMHOST_EXPORT int simSetNamedStringParam(const char* name, const char* value, int length) {
  check_use(__func__);
  if (length < 0) misuse(__func__, "a length below 0");
  simulator().parameters().insert_or_assign(text_of(__func__, name),
                                            std::string(value, static_cast<std::size_t>(length)));
  return 1;
}

// What the script returned replaces what was on the stack. A call that fails leaves an error for
// whom called the plugin, as the simulator does.
SIMHOST_EXPORT int simCallScriptFunctionEx(int handle, const char* name, int stack) {
  check_use(__func__);
  Simulator& host = simulator();
  const std::string function = text_of(__func__, name);
  Script& script = host.script_for_call(__func__, handle & handle_mask);
  const Items arguments = stacks().at(__func__, stack);
  ++host.count().calls;
  Items results;
  stacks().lend(stack, true);
  const CallOutcome outcome = script.call(function, arguments, results);
  stacks().lend(stack, false);
  stacks().at(__func__, stack) = std::move(results);
  if (outcome == CallOutcome::done) return 0;
  host.set_failure(__func__, reason_of(outcome));
  if ((handle & silent_error_flag) == 0) {
    host.log(verbosity_errors, "simulator",
             "External call to simCallScriptFunction failed ('" + function +
                 "'): " + reason_of(outcome));
  }
  return -1;
}
