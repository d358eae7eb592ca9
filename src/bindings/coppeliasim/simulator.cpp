#include "bindings/coppeliasim/simulator.h"

namespace simws::coppeliasim {

namespace {

constexpr int oldest_version = 4060000;

class Finder {
 public:
  explicit Finder(const Library& core) : core_(core) {}

  template <typename Function>
  void optional(const char* name, Function& function) {
    function = reinterpret_cast<Function>(core_.find(name));
  }
  template <typename Function>
  void needed(const char* name, Function& function) {
    optional(name, function);
    if (function) return;
    missing_ += missing_.empty() ? "" : ", ";
    missing_ += name;
  }
  const std::string& missing() const { return missing_; }

 private:
  const Library& core_;
  std::string missing_;
};

void find_general(Finder& find, Simulator& found) {
  find.needed("simAddLog", found.add_log);
  find.needed("simSetLastError", found.set_last_error);
  find.needed("simGetLastError", found.get_last_error);
  find.needed("simReleaseBuffer", found.release_buffer);
  find.needed("simGetInt32Param", found.get_int32_param);
  find.needed("simGetNamedStringParam", found.get_named_string_param);
  find.needed("simRegisterScriptCallbackFunction", found.register_script_callback_function);
  find.needed("simRegisterScriptVariable", found.register_script_variable);
  find.needed("simCallScriptFunctionEx", found.call_script_function_ex);
  find.optional("simGetScriptInt32Param", found.get_script_int32_param);
  find.optional("simGetScriptStringParam", found.get_script_string_param);
}

void find_stack(Finder& find, Simulator& found) {
  find.needed("simCreateStack", found.create_stack);
  find.needed("simReleaseStack", found.release_stack);
  find.needed("simGetStackSize", found.get_stack_size);
  find.needed("simPopStackItem", found.pop_stack_item);
  find.needed("simMoveStackItemToTop", found.move_stack_item_to_top);
  find.needed("simGetStackItemType", found.get_stack_item_type);
  find.needed("simGetStackBoolValue", found.get_stack_bool_value);
  find.needed("simGetStackInt64Value", found.get_stack_int64_value);
  find.needed("simGetStackDoubleValue", found.get_stack_double_value);
  find.needed("simGetStackStringValue", found.get_stack_string_value);
  find.needed("simGetStackTableInfo", found.get_stack_table_info);
  find.needed("simUnfoldStackTable", found.unfold_stack_table);
  find.needed("simPushNullOntoStack", found.push_null_onto_stack);
  find.needed("simPushBoolOntoStack", found.push_bool_onto_stack);
  find.needed("simPushInt64OntoStack", found.push_int64_onto_stack);
  find.needed("simPushDoubleOntoStack", found.push_double_onto_stack);
  find.needed("simPushStringOntoStack", found.push_string_onto_stack);
  find.needed("simPushTableOntoStack", found.push_table_onto_stack);
  find.needed("simInsertDataIntoStackTable", found.insert_data_into_stack_table);
  find.optional("simPushBufferOntoStack", found.push_buffer_onto_stack);
}

const char* platform_name(int platform) {
  switch (platform) {
    case 0:
      return "Windows";
    case 1:
      return "macOS";
    case 2:
      return "Linux";
    default:
      return "Unknown-platform";
  }
}

}  // namespace

int Simulator::int32_param(int parameter, int otherwise) const {
  int value = otherwise;
  return get_int32_param(parameter, &value) == -1 ? otherwise : value;
}

std::string Simulator::take_text(char* text) const {
  if (!text) return {};
  std::string taken = text;
  release_buffer(text);
  return taken;
}

Result<Simulator> find_simulator(const Library& core) {
  Simulator found{};
  Finder finder(core);
  find_general(finder, found);
  find_stack(finder, found);
  if (found.get_int32_param) found.version = found.int32_param(parameter::version, 0);
  const bool is_old = found.version < oldest_version;
  if (finder.missing().empty() && !is_old) return found;

  std::string message = "this plugin needs CoppeliaSim 4.6 or newer";
  if (found.version > 0) message += "; this is " + version_text(found.version);
  if (!finder.missing().empty()) message += "; missing functions: " + finder.missing();
  return Error{ErrorCode::unavailable, message};
}

std::string version_text(int version) {
  const auto part = [version](int divisor) { return std::to_string(version / divisor % 100); };
  return part(1000000) + "." + part(10000) + "." + part(100) + "rev" + part(1);
}

std::string user_agent(const Simulator& simulator) {
  return "CoppeliaSim/" + version_text(simulator.version) + " " +
         platform_name(simulator.int32_param(parameter::platform, -1));
}

}  // namespace simws::coppeliasim
