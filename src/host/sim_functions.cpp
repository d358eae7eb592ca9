#include "host/sim_functions.h"

#include "script/describe.h"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace simws::host {

namespace {

using script::Arguments;
using script::DataKind;
using script::Parameter;
using script::Type;
using script::Value;

constexpr double longest_wait = 1e9;  // seconds

LogLevel log_level(std::int64_t verbosity) {
  constexpr std::int64_t level_bits = 0xfff;  // above them: how the line is shown
  switch (verbosity & level_bits) {
    case 200:
    case 420:
      return LogLevel::error;
    case 300:
    case 430:
      return LogLevel::warning;
    default:
      return (verbosity & level_bits) < 600 ? LogLevel::info : LogLevel::debug;
  }
}

Result<Value> add_log(Simulation& simulation, const Arguments& arguments) {
  if (simulation.api)
    simulation.api->log_to_host(log_level(arguments.integer(0, 0)), arguments.text(1));
  return Value{};
}

// Of a temporary, GCC 12 says with the sanitizers that it may be uninitialized.
Result<Value> number_value(double number) {
  Value value;
  value.held.emplace<double>(number);
  return value;
}

Error no_number(std::string_view name, std::string_view text) {
  return {ErrorCode::invalid_argument, "the named parameter " + script::quote(name) + " is " +
                                           script::quote(text) + ", which is no such number"};
}

Result<Value> get_simulation_time(Simulation& simulation, const Arguments&) {
  return number_value(simulation.time);
}

Result<Value> get_simulation_time_step(Simulation& simulation, const Arguments&) {
  return number_value(simulation.step);
}

Result<Value> get_system_time(Simulation& simulation, const Arguments&) {
  const Seconds since_start = Clock::now() - simulation.started;
  return number_value(since_start.count());
}

Result<Value> get_named_string_param(Simulation& simulation, const Arguments& arguments) {
  const auto found = simulation.parameters.find(arguments.text(0));
  if (found == simulation.parameters.end()) return Value{};
  return script::data_value(found->second, DataKind::text);
}

Result<Value> set_named_param(Simulation& simulation, const Arguments& arguments,
                              std::string text) {
  simulation.parameters.insert_or_assign(std::string(arguments.text(0)), std::move(text));
  return Value{};
}

Result<Value> set_named_string_param(Simulation& simulation, const Arguments& arguments) {
  return set_named_param(simulation, arguments, std::string(arguments.text(1)));
}

// As CoppeliaSim reads and writes them: named parameters are texts.
template <typename Number>
Result<Value> get_named_number(Simulation& simulation, const Arguments& arguments) {
  const auto found = simulation.parameters.find(arguments.text(0));
  if (found == simulation.parameters.end()) return Value{};
  const std::string& text = found->second;
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end) return no_number(arguments.text(0), text);
  Value value;
  value.held.emplace<Number>(number);
  return value;
}

Result<Value> get_named_bool_param(Simulation& simulation, const Arguments& arguments) {
  const auto found = simulation.parameters.find(arguments.text(0));
  if (found == simulation.parameters.end()) return Value{};
  const std::string& text = found->second;
  if (text == "true" || text == "on" || text == "1") return Value{true};
  if (text == "false" || text == "off" || text == "0") return Value{false};
  return Error{ErrorCode::invalid_argument,
               "the named parameter " + script::quote(arguments.text(0)) + " is " +
                   script::quote(text) + "; true, on, 1, false, off or 0 is expected"};
}

Result<Value> set_named_int_param(Simulation& simulation, const Arguments& arguments) {
  return set_named_param(simulation, arguments, std::to_string(arguments.integer(1, 0)));
}

Result<Value> set_named_float_param(Simulation& simulation, const Arguments& arguments) {
  return set_named_param(simulation, arguments, script::number_text(arguments.number(1, 0)));
}

Result<Value> set_named_bool_param(Simulation& simulation, const Arguments& arguments) {
  const bool* const value = arguments[1].as<bool>();
  return set_named_param(simulation, arguments, value && *value ? "true" : "false");
}

Result<Value> wait(Simulation& simulation, const Arguments& arguments) {
  const double seconds = arguments.number(0, 0);
  if (!(seconds >= 0 && seconds <= longest_wait)) {
    return Error{ErrorCode::invalid_argument,
                 "argument 1 (dt) must be 0 to 1e9 seconds, not " + script::number_text(seconds)};
  }
  const bool* const is_simulation_time = arguments[1].as<bool>();
  if (!simulation.is_starting && (!is_simulation_time || *is_simulation_time)) {
    simulation.wait = {simulation.time + seconds, {}};
  } else {
    const auto duration = std::chrono::duration_cast<Clock::duration>(Seconds{seconds});
    simulation.wait = {0, Clock::now() + duration};
  }
  return Value{};
}

constexpr Parameter log_parameters[] = {{"verbosityLevel", Type::integer, "", ""},
                                        {"logMessage", Type::text, "", ""}};
constexpr Parameter name_parameters[] = {{"parameter", Type::text, "", ""}};
constexpr Parameter name_and_value_parameters[] = {{"parameter", Type::text, "", ""},
                                                   {"value", Type::text, "", ""}};
constexpr Parameter name_and_integer_parameters[] = {{"parameter", Type::text, "", ""},
                                                     {"value", Type::integer, "", ""}};
constexpr Parameter name_and_number_parameters[] = {{"parameter", Type::text, "", ""},
                                                    {"value", Type::number, "", ""}};
constexpr Parameter name_and_bool_parameters[] = {{"parameter", Type::text, "", ""},
                                                  {"value", Type::boolean, "", ""}};
constexpr Parameter wait_parameters[] = {{"dt", Type::number, "", ""},
                                         {"simulationTime", Type::boolean, "true", ""}};

constexpr std::string_view module = "sim";
constexpr SimFunction functions[] = {
    {{module, "addLog", log_parameters}, add_log},
    {{module, "getSimulationTime", {}}, get_simulation_time, true},
    {{module, "getSimulationTimeStep", {}}, get_simulation_time_step, true},
    {{module, "getSystemTime", {}}, get_system_time, true},
    {{module, "getNamedStringParam", name_parameters}, get_named_string_param, true},
    {{module, "setNamedStringParam", name_and_value_parameters}, set_named_string_param},
    {{module, "getNamedInt32Param", name_parameters}, get_named_number<std::int64_t>, true},
    {{module, "setNamedInt32Param", name_and_integer_parameters}, set_named_int_param},
    {{module, "getNamedFloatParam", name_parameters}, get_named_number<double>, true},
    {{module, "setNamedFloatParam", name_and_number_parameters}, set_named_float_param},
    {{module, "getNamedBoolParam", name_parameters}, get_named_bool_param, true},
    {{module, "setNamedBoolParam", name_and_bool_parameters}, set_named_bool_param},
    {{module, "wait", wait_parameters}, wait, false, true},
};

constexpr SimConstant constants[] = {
    {"verbosity_none", 100},           {"verbosity_errors", 200},
    {"verbosity_warnings", 300},       {"verbosity_loadinfos", 400},
    {"verbosity_default", 400},        {"verbosity_scripterrors", 420},
    {"verbosity_scriptwarnings", 430}, {"verbosity_scriptinfos", 450},
    {"verbosity_msgs", 450},           {"verbosity_infos", 500},
    {"verbosity_debug", 600},          {"verbosity_trace", 700},
    {"verbosity_tracelua", 800},       {"verbosity_traceall", 900},
};

Result<Value> call_checked(const SimFunction& function, Simulation& simulation,
                           const SimCaller& caller, std::size_t given, std::span<Value> values) {
  const auto checked = script::check_arguments(function.signature, given, values, caller.words);
  if (!checked) return checked.error();
  if (function.waits && !caller.may_wait && !simulation.is_starting) {
    return Error{
        ErrorCode::invalid_state,
        "only sysCall_thread and sysCall_init can wait; elsewhere it would stop the steps"};
  }
  return function.implementation(simulation, Arguments(values));
}

}  // namespace

std::span<const SimFunction> sim_functions() {
  return functions;
}

std::span<const SimConstant> sim_constants() {
  return constants;
}

Result<Value> call_sim_function(const SimFunction& function, Simulation& simulation,
                                const SimCaller& caller, std::size_t given,
                                std::span<Value> values) {
  auto result = call_checked(function, simulation, caller, given, values);
  if (result) return result;
  const Error& error = result.error();
  return Error{error.code, function.signature.full_name() + ": " + error.message};
}

}  // namespace simws::host
