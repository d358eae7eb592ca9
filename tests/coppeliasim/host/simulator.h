// The simulator: scenes with their scripts, the plugin, the simulation's state, and the passes.
#pragma once

#include "plugin.h"
#include "script.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace simhost {

struct Options {
  Version version = Version::current;
  std::string core_path;
  std::string plugin_path;
  std::vector<std::string> lua_folders;
  // The messages of a script's end come twice.
  bool repeats_ends = false;
};

struct Scene {
  int uid = 0;
  std::vector<std::unique_ptr<Script>> scripts;
};

enum class SimulationState { stopped, running, paused };

class Simulator {
 public:
  explicit Simulator(Options options);

  const Options& options() const { return options_; }
  Plugin& plugin() { return plugin_; }
  std::map<std::string, std::string, std::less<>>& parameters() { return parameters_; }
  int int_parameter(int id) const;

  void log(int verbosity, const std::string& source, const std::string& line);
  // What a plugin reports, and what a function of the core that failed does. Up to 4.9 the first of
  // both is what the script gets in any case, and only the failures can be asked for and cleared.
  void set_error(const char* function, const std::string& message);
  void set_failure(const char* function, const std::string& message);
  std::optional<std::string> take_last_failure();
  void clear_error() { error_.reset(); }
  std::optional<std::string> take_error();

  Script& add_script(ScriptPlan plan);
  // Of a living script of the present scene, or of none. Aborts when there is no such script.
  Script& script_for_call(const char* function, int handle);
  Script* find_script(const std::string& name);
  void restart_script(Script& script);
  void remove_script(Script& script);
  void announce_end(Script& script, MessageId id);

  void pass();
  void start_simulation();
  void pause_simulation() { state_ = SimulationState::paused; }
  void stop_simulation();
  SimulationState state() const { return state_; }
  double time() const { return time_; }
  static constexpr double step = 0.05;

  Scene& scene() { return *scenes_[scene_]; }
  void new_scene();
  void switch_scene(int uid);
  void close_scene();

  // What a command of the host's language answers.
  struct Answer {
    bool is_done = false;
    std::string text;
  };
  std::function<Answer(const std::string& line)> execute;

  // Ends the program's loop.
  void ask_to_quit() { is_quitting_ = true; }
  bool is_quitting() const { return is_quitting_; }
  // In the simulator's usual order, or with the plugin before the scripts.
  void quit(bool plugin_first);

  // While the clock stands still in each pass (see clock.h).
  void freeze_clock_in_passes(bool freezes) { freezes_clock_ = freezes; }
  struct PassCount {
    std::int64_t passes = 0;
    std::int64_t calls = 0;
    std::int64_t most_calls = 0;
    double longest = 0;  // seconds of the frozen clock
  };
  PassCount& count() { return count_; }

 private:
  void deliver_pass();
  void run_scripts_of_pass();
  void for_each_script(const std::function<void(Script&)>& visit);

  const Options options_;
  Plugin plugin_;
  std::map<std::string, std::string, std::less<>> parameters_;
  std::optional<std::string> error_;
  std::optional<std::string> last_failure_;
  std::vector<std::unique_ptr<Scene>> scenes_;
  std::size_t scene_ = 0;
  std::vector<std::unique_ptr<Script>> add_ons_;
  std::int64_t last_uid_ = 0;
  int last_handle_ = 1000000;
  int last_scene_ = 0;
  int flags_ = 0;
  int depth_ = 0;
  SimulationState state_ = SimulationState::stopped;
  double time_ = 0;
  bool is_quitting_ = false;
  bool freezes_clock_ = false;
  PassCount count_;
};

// The one of this process.
Simulator& simulator();

}  // namespace simhost
