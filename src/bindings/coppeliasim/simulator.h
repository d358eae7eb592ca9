// What the plugin uses of the simulator: its C interface, found at run time, so that one binary
// serves every version from 4.6 on. Figures and layouts are the interface's own.
#pragma once

#include "bindings/coppeliasim/library.h"

#include <simws/result.h>

#include <cstdint>
#include <string>

namespace simws::coppeliasim {

// What the simulator hands to the plugin. All functions below, and all calls of the plugin, are the
// simulation thread's.
struct InitData {
  const char* plugin_name;
  const char* core_path;
};
struct Message {
  int id;
  int* data;  // may be null
  void* pointer;
};
struct ScriptCall {
  int object;
  int script;
  int stack;
  char wait_until_zero;
  char* error;
  char* source;
  int line;
};
using ScriptFunction = void (*)(ScriptCall*);

namespace message {
inline constexpr int instance_pass = 269;
inline constexpr int script_state_about_to_be_destroyed = 338;
inline constexpr int script_about_to_be_destroyed = 339;
}  // namespace message

namespace stack_item {
inline constexpr int null = 0;
inline constexpr int floating = 1;
inline constexpr int boolean = 2;
inline constexpr int string = 3;
inline constexpr int table = 4;
inline constexpr int function = 5;
inline constexpr int integer = 9;
}  // namespace stack_item

namespace table_kind {  // else the size of an array
inline constexpr int circular = -4;
inline constexpr int map = -2;
}  // namespace table_kind

namespace verbosity {
inline constexpr int errors = 200;
inline constexpr int warnings = 300;
inline constexpr int script_errors = 420;
inline constexpr int script_infos = 450;
inline constexpr int debug = 600;
}  // namespace verbosity

namespace parameter {
inline constexpr int platform = 19;
inline constexpr int scene = 20;
inline constexpr int version = 39;
inline constexpr int script_type = 2;  // of a script
inline constexpr int script_name = 3;  // of a script, a text
}  // namespace parameter

namespace script_type {
inline constexpr int add_on = 2;
inline constexpr int sandbox = 8;
}  // namespace script_type

inline constexpr int silent = 0x2000000;  // beside a script's handle

struct Simulator {
  int (*add_log)(const char* plugin, int verbosity, const char* line);
  int (*set_last_error)(const char* reserved, const char* message);
  char* (*get_last_error)();
  int (*release_buffer)(const void* buffer);
  int (*get_int32_param)(int parameter, int* value);
  char* (*get_named_string_param)(const char* name, int* length);
  int (*register_script_callback_function)(const char* name, const char* reserved,
                                           ScriptFunction function);
  int (*register_script_variable)(const char* name, const char* value, int stack);
  int (*call_script_function_ex)(int script, const char* function, int stack);

  int (*create_stack)();
  int (*release_stack)(int stack);
  int (*get_stack_size)(int stack);
  int (*pop_stack_item)(int stack, int count);
  int (*move_stack_item_to_top)(int stack, int index);
  int (*get_stack_item_type)(int stack, int index);
  int (*get_stack_bool_value)(int stack, bool* value);
  int (*get_stack_int64_value)(int stack, long long* value);
  int (*get_stack_double_value)(int stack, double* value);
  char* (*get_stack_string_value)(int stack, int* size);
  int (*get_stack_table_info)(int stack, int kind);
  int (*unfold_stack_table)(int stack);
  int (*push_null_onto_stack)(int stack);
  int (*push_bool_onto_stack)(int stack, bool value);
  int (*push_int64_onto_stack)(int stack, long long value);
  int (*push_double_onto_stack)(int stack, double value);
  int (*push_string_onto_stack)(int stack, const char* value, int size);
  int (*push_table_onto_stack)(int stack);
  int (*insert_data_into_stack_table)(int stack);

  // Null in versions that don't have them.
  int (*push_buffer_onto_stack)(int stack, const char* value, int size);
  int (*get_script_int32_param)(int script, int parameter, int* value);
  char* (*get_script_string_param)(int script, int parameter, int* length);

  int version = 0;  // 4090006: 4.9.0 revision 6

  bool gives_buffers() const { return push_buffer_onto_stack && version >= 4100000; }
  int int32_param(int parameter, int otherwise) const;
  // Empty when there's none.
  std::string take_text(char* text) const;
};

// Finds all of them. The error names what is missing.
Result<Simulator> find_simulator(const Library& core);

// "4.9.0rev6"
std::string version_text(int version);
// As the WS plugin calls itself in HTTP: "CoppeliaSim/4.9.0rev6 Linux".
std::string user_agent(const Simulator& simulator);

}  // namespace simws::coppeliasim
