// The plugin's library: loaded once, initialized as often as the simulator likes.
#pragma once

#include "interface.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace simhost {

class Plugin {
 public:
  struct Variable {
    std::string name;
    std::string value;
  };

  Plugin(std::string path, std::string core_path, Version version);

  const std::string& name() const { return name_; }
  bool is_loaded() const { return is_loaded_; }
  // How often it has been.
  int times_loaded() const { return times_loaded_; }
  // False: the plugin refused.
  bool load();
  void unload();
  void send(int message, std::vector<int> data);
  // A message without data, as some are.
  void send_bare(int message);
  // For measuring: as often as asked, with nothing around it.
  void send_passes(long count);

  // While simInit runs.
  int add_function(const std::string& name, ScriptFunction function);
  int add_variable(const std::string& name, const std::string& value);
  const std::map<std::string, ScriptFunction>& functions() const { return functions_; }
  const std::vector<Variable>& variables() const { return variables_; }

 private:
  void open();

  const std::string path_;
  const std::string core_path_;
  const std::string name_;
  const Version version_;
  void* library_ = nullptr;
  int (*init_)(PluginInfo*) = nullptr;
  void (*cleanup_)() = nullptr;
  void (*message_)(Message*) = nullptr;
  bool is_initializing_ = false;
  bool is_loaded_ = false;
  int times_loaded_ = 0;
  std::map<std::string, ScriptFunction> functions_;
  std::vector<Variable> variables_;
};

}  // namespace simhost
