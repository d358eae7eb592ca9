#include "host/script_host.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace simws::host {

ScriptHost::ScriptHost(const RunOptions& options, dispatch::Network& network,
                       Simulation& simulation, Script& script)
    : options_(options),
      simulation_(simulation),
      script_(script),
      api_(network, script.engine(), script::Settings{{}, options.log_level, options.threaded}),
      signals_(api_, script) {
  simulation_.api = &api_;
}

ScriptHost::~ScriptHost() {
  simulation_.api = nullptr;
  script_.end_modules();
}

int ScriptHost::run() {
  if (!script_.add_modules(api_)) return 1;
  Outcome outcome = script_.run_file(options_.script, options_.arguments);
  if (outcome != Outcome::failed && is_stepped()) {
    outcome = run_steps();
  } else if (outcome != Outcome::failed) {
    outcome = serve(outcome);
  }
  return script_.exit_code().value_or(outcome == Outcome::failed ? 1 : 0);
}

Outcome ScriptHost::serve(Outcome outcome) {
  const auto served = api_.serve(options_.threaded);
  if (served) return outcome;
  api_.log(LogLevel::error, served.error().message);
  return Outcome::failed;
}

bool ScriptHost::is_stepped() const {
  constexpr const char* names[] = {"sysCall_init", "sysCall_actuation", "sysCall_sensing",
                                   "sysCall_thread", "sysCall_cleanup"};
  return std::ranges::any_of(names,
                             [this](const char* name) { return script_.has_function(name); });
}

Outcome ScriptHost::run_steps() {
  api_.forbid_driving();
  simulation_.is_starting = true;
  Outcome outcome = script_.call("sysCall_init");
  simulation_.is_starting = false;
  simulation_.wait = {};
  if (outcome == Outcome::failed || script_.exit_code()) return outcome;
  script_.make_thread("sysCall_thread");
  if (outcome == Outcome::next) outcome = run_until_end();
  if (script_.exit_code()) return Outcome::ended;
  const Outcome thread_ended = script_.end_thread();
  signals_.let_script_finish();
  const Outcome cleaned = script_.call("sysCall_cleanup");
  const auto has_failed =
      std::ranges::count(std::array{outcome, thread_ended, cleaned}, Outcome::failed) > 0;
  return has_failed ? Outcome::failed : Outcome::ended;
}

Outcome ScriptHost::run_until_end() {
  const auto duration = std::chrono::duration_cast<Clock::duration>(options_.step);
  auto deadline = Clock::now();
  auto planned = deadline;
  bool is_late_reported = false;
  while (!is_ending(script_)) {
    const auto begun = Clock::now();
    api_.note_step(begun - planned);
    const Outcome outcome = step();
    if (outcome != Outcome::next) return outcome;
    const auto ended = Clock::now();
    if (ended - begun > duration && !std::exchange(is_late_reported, true)) {
      api_.log(LogLevel::warning, "the script's steps take longer than the time of a step");
    }
    // Steps that were missed are left out, not made up for in a burst.
    planned = deadline + duration;
    deadline = std::max(planned, ended);
    const Outcome served = serve_until(deadline);
    if (served != Outcome::next) return served;
  }
  return Outcome::ended;
}

Outcome ScriptHost::step() {
  for (const char* const name : {"sysCall_actuation", "sysCall_sensing"}) {
    const Outcome outcome = script_.call(name);
    if (outcome != Outcome::next) return outcome;
  }
  const Outcome outcome = resume_thread();
  simulation_.time += simulation_.step;
  return outcome;
}

Outcome ScriptHost::resume_thread() {
  const bool is_due =
      simulation_.time >= simulation_.wait.simulation_time - simulation_.step / 1000;
  if (!is_due || Clock::now() < simulation_.wait.real_time) return Outcome::next;
  simulation_.wait = {};
  return script_.resume_thread();
}

// Events are delivered at once, not at the next step. So do waits for real time end.
Outcome ScriptHost::serve_until(Clock::time_point deadline) {
  do {
    api_.deliver();
    const auto now = Clock::now();
    if (now >= deadline) return Outcome::next;
    const auto wait_ends = simulation_.wait.real_time;
    const bool waits = wait_ends != Clock::time_point{};
    if (!waits || now < wait_ends) {
      api_.wait((waits ? std::min(deadline, wait_ends) : deadline) - now);
    } else if (const Outcome outcome = resume_thread(); outcome != Outcome::next) {
      return outcome;
    }
  } while (!is_ending(script_));
  return Outcome::next;
}

}  // namespace simws::host
