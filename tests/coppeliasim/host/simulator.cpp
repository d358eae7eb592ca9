#include "simulator.h"

#include "clock.h"
#include "strict.h"

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <utility>

namespace simhost {

namespace {

constexpr int first_object = 15;
constexpr int flag_scene_loaded = 1 << 3;
constexpr int flag_scene_switched = 1 << 6;
constexpr int flag_simulation_started = 1 << 11;
constexpr int flag_simulation_ended = 1 << 12;

std::string escaped(const std::string& line) {
  std::string text;
  for (const char c : line) {
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  return text;
}

// As two 32-bit halves.
std::vector<int> end_data(const Script& script) {
  const std::int64_t uid = script.uid();
  return {script.handle(), static_cast<int>(uid & 0xffffffff), static_cast<int>(uid >> 32)};
}

}  // namespace

Simulator::Simulator(Options options)
    : options_(std::move(options)),
      plugin_(options_.plugin_path, options_.core_path, options_.version) {
  scenes_.push_back(std::make_unique<Scene>());
  scenes_.back()->uid = ++last_scene_;
}

int Simulator::int_parameter(int id) const {
  constexpr int versions[] = {4060002, 4090006, 4100005};
  constexpr int linux_platform = 2;
  if (id == 39) return versions[static_cast<int>(options_.version)];
  if (id == 19) return linux_platform;
  if (id == 20) return scenes_[scene_]->uid;
  return -1;
}

// From any thread: `log <verbosity> [<source>] <line>`.
void Simulator::log(int verbosity, const std::string& source, const std::string& line) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::fprintf(stderr, "log %d [%s] %s\n", verbosity, source.c_str(), escaped(line).c_str());
}

void Simulator::set_error(const char* function, const std::string& message) {
  if (options_.version == Version::current) {
    error_ = message + " (c: " + function + ")";
  } else if (!error_) {
    error_ = message;
  }
}

void Simulator::set_failure(const char* function, const std::string& message) {
  set_error(function, message);
  last_failure_ = message + " (" + function + ")";
}

std::optional<std::string> Simulator::take_last_failure() {
  return std::exchange(options_.version == Version::current ? error_ : last_failure_, std::nullopt);
}

std::optional<std::string> Simulator::take_error() {
  return std::exchange(error_, std::nullopt);
}

Script& Simulator::add_script(ScriptPlan plan) {
  const bool is_global = plan.kind == ScriptKind::add_on || plan.kind == ScriptKind::sandbox;
  auto& scripts = is_global ? add_ons_ : scene().scripts;
  // Up to 4.9 a script of an object has its handle, which other scenes give again.
  const int object = is_global ? -1 : first_object + static_cast<int>(scripts.size());
  const bool has_own_handle = is_global || options_.version == Version::current;
  const int handle = has_own_handle ? ++last_handle_ : object;
  const std::int64_t uid = (std::int64_t{7} << 32) + 0x80000000 + ++last_uid_;
  scripts.push_back(std::make_unique<Script>(*this, std::move(plan), handle, object, uid));
  Script& script = *scripts.back();
  const bool waits =
      script.plan().kind == ScriptKind::simulation && state_ == SimulationState::stopped;
  if (!waits) script.begin();
  return script;
}

void Simulator::for_each_script(const std::function<void(Script&)>& visit) {
  std::vector<Script*> all;
  for (const auto& script : add_ons_) all.push_back(script.get());
  for (const auto& script : scene().scripts) all.push_back(script.get());
  for (Script* const script : all) visit(*script);
}

Script& Simulator::script_for_call(const char* function, int handle) {
  Script* found = nullptr;
  for_each_script([&](Script& script) {
    if (script.handle() == handle) found = &script;
  });
  if (!found) misuse(function, "unknown script " + std::to_string(handle));
  if (!found->is_alive()) misuse(function, "the script is dead: " + found->plan().name);
  return *found;
}

Script* Simulator::find_script(const std::string& name) {
  Script* found = nullptr;
  for_each_script([&](Script& script) {
    if (script.plan().name == name) found = &script;
  });
  return found;
}

void Simulator::restart_script(Script& script) {
  script.end();
  if (!script.has_state()) script.begin();
}

void Simulator::remove_script(Script& script) {
  script.end();
  announce_end(script, script_about_to_be_destroyed);
  const auto is_it = [&](const auto& other) { return other.get() == &script; };
  std::erase_if(add_ons_, is_it);
  for (const auto& scene : scenes_) std::erase_if(scene->scripts, is_it);
}

void Simulator::announce_end(Script& script, MessageId id) {
  plugin_.send(id, end_data(script));
  if (options_.repeats_ends) plugin_.send(id, end_data(script));
}

void Simulator::deliver_pass() {
  if (freezes_clock_ && depth_ == 1) simhost_freeze_clock();
  const std::int64_t calls = count_.calls;
  plugin_.send(instance_pass, {std::exchange(flags_, 0)});
  count_.most_calls = std::max(count_.most_calls, count_.calls - calls);
  ++count_.passes;
  if (!freezes_clock_ || depth_ != 1) return;
  count_.longest = std::max(count_.longest, static_cast<double>(simhost_thaw_clock()) / 1e9);
}

void Simulator::pass() {
  ++depth_;
  if (state_ == SimulationState::running) time_ += step;
  plugin_.send_bare(events);
  deliver_pass();
  if (depth_ == 1) run_scripts_of_pass();
  --depth_;
}

void Simulator::run_scripts_of_pass() {
  const bool runs = state_ == SimulationState::running;
  for_each_script([&](Script& script) {
    if (!script.has_state()) return;
    if (runs) script.call_system("sysCall_actuation");
    if (runs) script.call_system("sysCall_sensing");
    if (!runs) script.call_system("sysCall_nonSimulation");
    script.resume_thread();
  });
}

void Simulator::start_simulation() {
  if (std::exchange(state_, SimulationState::running) != SimulationState::stopped) return;
  time_ = 0;
  plugin_.send(simulation_about_to_start, {});
  flags_ |= flag_simulation_started;
  for_each_script([](Script& script) {
    if (script.plan().kind == ScriptKind::simulation) script.begin();
  });
}

// A simulation script's state ends with the simulation.
void Simulator::stop_simulation() {
  if (state_ == SimulationState::stopped) return;
  plugin_.send(simulation_about_to_end, {});
  for_each_script([](Script& script) {
    if (script.plan().kind == ScriptKind::simulation) script.end();
  });
  state_ = SimulationState::stopped;
  plugin_.send(simulation_ended, {});
  flags_ |= flag_simulation_ended;
}

void Simulator::new_scene() {
  scenes_.push_back(std::make_unique<Scene>());
  scenes_.back()->uid = ++last_scene_;
  switch_scene(last_scene_);
  plugin_.send(scene_loaded, {});
  flags_ |= flag_scene_loaded;
}

void Simulator::switch_scene(int uid) {
  const auto found = std::ranges::find(scenes_, uid, [](const auto& scene) { return scene->uid; });
  if (found == scenes_.end()) return;
  const int old = scene().uid;
  plugin_.send(instance_about_to_switch, {-1, uid, old});
  scene_ = static_cast<std::size_t>(found - scenes_.begin());
  plugin_.send(instance_switch, {-1, uid, old});
  flags_ |= flag_scene_switched;
}

void Simulator::close_scene() {
  stop_simulation();
  while (!scene().scripts.empty()) remove_script(*scene().scripts.back());
  const auto closed = static_cast<std::ptrdiff_t>(scene_);
  if (scenes_.size() == 1) new_scene();
  const int next = scenes_[closed == 0 ? 1 : 0]->uid;
  if (scene_ == static_cast<std::size_t>(closed)) switch_scene(next);
  const int present = scene().uid;
  scenes_.erase(scenes_.begin() + closed);
  scene_ = static_cast<std::size_t>(
      std::ranges::find(scenes_, present, [](const auto& one) { return one->uid; }) -
      scenes_.begin());
}

void Simulator::quit(bool plugin_first) {
  if (plugin_first) plugin_.unload();
  stop_simulation();
  std::vector<int> uids;
  for (const auto& one : scenes_) uids.push_back(one->uid);
  for (const int uid : uids) {
    switch_scene(uid);
    while (!scene().scripts.empty()) remove_script(*scene().scripts.back());
  }
  while (!add_ons_.empty()) remove_script(*add_ons_.back());
  plugin_.unload();
}

}  // namespace simhost
