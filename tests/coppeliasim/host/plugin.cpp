#include "plugin.h"

#include "strict.h"

#include <dlfcn.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace simhost {

namespace {

// "…/libsimWS.so" -> "simWS"
std::string name_of(const std::string& path) {
  std::string name = std::filesystem::path(path).stem().string();
  if (name.starts_with("lib")) name.erase(0, 3);
  return name;
}

template <typename Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
}

}  // namespace

Plugin::Plugin(std::string path, std::string core_path, Version version)
    : path_(std::move(path)),
      core_path_(std::move(core_path)),
      name_(name_of(path_)),
      version_(version) {}

// Never closed again: the simulator doesn't either.
void Plugin::open() {
  library_ = dlopen(path_.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library_) misuse("dlopen", dlerror());
  find(library_, "simInit", init_);
  find(library_, "simCleanup", cleanup_);
  find(library_, "simMsg", message_);
  if (!init_) misuse(path_, "exports no simInit");
  for (const char* const name : {"simInit_ui", "simCleanup_ui", "simMsg_ui"}) {
    if (dlsym(library_, name)) misuse(path_, std::string("exports ") + name + " without a GUI");
  }
}

bool Plugin::load() {
  if (!library_) open();
  functions_.clear();
  variables_.clear();
  PluginInfo info{name_.c_str(), core_path_.c_str()};
  set_plugin_lives(true);
  is_initializing_ = true;
  {
    const PluginEntry entry("simInit");
    is_loaded_ = init_(&info) > 0;
  }
  is_initializing_ = false;
  if (is_loaded_) {
    ++times_loaded_;
  } else {
    set_plugin_lives(false);
  }
  return is_loaded_;
}

void Plugin::unload() {
  if (!is_loaded_) return;
  if (cleanup_) {
    const PluginEntry entry("simCleanup");
    cleanup_();
  }
  is_loaded_ = false;
  set_plugin_lives(false);
}

void Plugin::send(int message, std::vector<int> data) {
  if (!is_loaded_ || !message_) return;
  data.resize(std::max<std::size_t>(data.size(), 4));
  Message sent{message, data.data(), nullptr};
  const PluginEntry entry("simMsg " + std::to_string(message));
  message_(&sent);
}

void Plugin::send_bare(int message) {
  if (!is_loaded_ || !message_) return;
  Message sent{message, nullptr, nullptr};
  const PluginEntry entry("simMsg " + std::to_string(message));
  message_(&sent);
}

void Plugin::send_passes(long count) {
  if (!is_loaded_ || !message_) return;
  int data[4] = {};
  const PluginEntry entry("simMsg");
  for (long i = 0; i < count; ++i) {
    Message sent{instance_pass, data, nullptr};
    message_(&sent);
  }
}

int Plugin::add_function(const std::string& name, ScriptFunction function) {
  if (!is_initializing_) misuse("simRegisterScriptCallbackFunction", "outside of simInit");
  if (!function) misuse("simRegisterScriptCallbackFunction", "no function for " + name);
  if (name.find_first_of(".@( ") != std::string::npos) {
    misuse("simRegisterScriptCallbackFunction", "no bare name: " + name);
  }
  const bool is_new = functions_.insert_or_assign(name, function).second;
  if (!is_new) misuse("simRegisterScriptCallbackFunction", "registered twice: " + name);
  return 1;
}

// Before the current version's time a table is made only when it is registered as one.
int Plugin::add_variable(const std::string& name, const std::string& value) {
  if (!is_initializing_) misuse("simRegisterScriptVariable", "outside of simInit");
  const std::size_t dot = name.rfind('.');
  const bool has_table = dot == std::string::npos || version_ != Version::v4_6 ||
                         std::ranges::any_of(variables_, [&](const Variable& known) {
                           return known.name == name.substr(0, dot);
                         });
  if (!has_table) misuse("simRegisterScriptVariable", "no table for " + name);
  variables_.push_back({name, value});
  return 1;
}

}  // namespace simhost
