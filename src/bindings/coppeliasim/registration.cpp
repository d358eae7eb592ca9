#include "bindings/coppeliasim/registration.h"

#include "bindings/coppeliasim/lua_files.h"
#include "script/function_table.h"

#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace simws::coppeliasim {

namespace {

constexpr std::size_t most_functions = 64;
constexpr int first_version_with_nested_variables = 4060010;

template <std::size_t row>
void call_row(ScriptCall* call) {
  if (const auto plugin = served_plugin()) plugin->call(script::functions()[row], *call);
}

void call_use_module(ScriptCall* call) {
  if (const auto plugin = served_plugin()) plugin->use_module(*call);
}

// A C function for each row of the table, for nothing else tells them apart.
template <std::size_t... rows>
constexpr std::array<ScriptFunction, sizeof...(rows)> make_functions(std::index_sequence<rows...>) {
  return {&call_row<rows>...};
}
constexpr auto row_functions = make_functions(std::make_index_sequence<most_functions>());

Result<void> register_function(const Simulator& simulator, const std::string& name,
                               ScriptFunction function) {
  if (simulator.register_script_callback_function(name.c_str(), nullptr, function) != -1) return {};
  return Error{ErrorCode::unavailable, "the simulator refuses to register the function " + name};
}

Result<void> register_constant(const Simulator& simulator, const script::ConstantRow& row) {
  const std::string name = std::string(row.group) + "." + std::string(row.name);
  const std::string value = std::to_string(row.value);
  if (simulator.register_script_variable(name.c_str(), value.c_str(), 0) != -1) return {};
  return Error{ErrorCode::unavailable, "the simulator refuses to register the constant " + name};
}

// Before 4.6.0 revision 10 the tables that hold constants must be there first.
void register_groups(const Simulator& simulator) {
  std::string_view previous;
  for (const script::ConstantRow& row : script::constants()) {
    if (row.group == previous) continue;
    previous = row.group;
    simulator.register_script_variable(std::string(row.group).c_str(), "{}", 0);
  }
}

}  // namespace

// Never freed by the end of the process, when threads may still run: only by simCleanup.
std::shared_ptr<Plugin>& served_plugin() {
  static auto& plugin = *new std::shared_ptr<Plugin>();
  return plugin;
}

Result<void> register_functions(const Simulator& simulator) {
  const auto rows = script::functions();
  if (rows.size() > most_functions) {
    return Error{ErrorCode::unavailable, "the table has more functions than can be registered"};
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto done = register_function(simulator, std::string(rows[i].name), row_functions[i]);
    if (!done) return done;
  }
  auto done = register_function(simulator, std::string(use_module_function), call_use_module);
  if (!done) return done;
  if (simulator.version < first_version_with_nested_variables) register_groups(simulator);
  for (const script::ConstantRow& row : script::constants()) {
    done = register_constant(simulator, row);
    if (!done) return done;
  }
  return {};
}

}  // namespace simws::coppeliasim
