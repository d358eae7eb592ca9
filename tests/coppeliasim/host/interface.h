// The simulator's C interface as plugins see it: the constants and structures that this host uses.
#pragma once

#include <cstdint>

#define SIMHOST_EXPORT extern "C" __attribute__((visibility("default")))

namespace simhost {

// How the core behaves; see Behaviour.
enum class Version { v4_6, v4_9, current };

enum MessageId {
  instance_pass = 269,
  simulation_about_to_start = 285,
  simulation_ended = 286,
  scene_loaded = 294,
  instance_switch = 296,
  simulation_about_to_end = 334,
  instance_about_to_switch = 335,
  script_state_about_to_be_destroyed = 338,
  script_about_to_be_destroyed = 339,
  events = 345,
};

enum ItemType {
  item_null = 0,
  item_double = 1,
  item_bool = 2,
  item_string = 3,
  item_table = 4,
  item_integer = 9,
};

enum TableInfo { table_circular = -4, table_none = -3, table_map = -2 };
enum Verbosity {
  verbosity_errors = 200,
  verbosity_load_infos = 400,
  verbosity_script_errors = 420
};

constexpr int silent_error_flag = 0x2000000;
constexpr int handle_mask = 0x3fffff;

struct PluginInfo {  // SSimInit
  const char* name;
  const char* core_path;
};

struct Message {  // SSimMsg
  int id;
  int* data;
  void* pointer;
};

struct ScriptCall {  // SScriptCallBack
  int object;
  int script;
  int stack;
  char wait_until_zero;
  char* error;
  char* source;
  int line;
};
static_assert(sizeof(ScriptCall) == 40);

using ScriptFunction = void (*)(ScriptCall*);

}  // namespace simhost
