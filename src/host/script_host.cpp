#include "host/script_host.h"

#include "host/sim_module.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <utility>

namespace simws::host {

ScriptHost::ScriptHost(const RunOptions& options)
    : options_(options),
      engine_(script_.state()),
      api_(network_, engine_, script::Settings{{}, options.log_level}),
      signals_(api_, engine_) {
  simulation_.parameters = options.parameters;
  simulation_.step = options.step.count();
  simulation_.api = &api_;
  engine_.host = this;
}

ScriptHost::~ScriptHost() {
  simulation_.api = nullptr;
  if (binding_) *binding_ = {};
}

std::optional<std::string> ScriptHost::Engine::named_parameter(std::string_view name) {
  const NamedParameters& parameters = host->simulation_.parameters;
  const auto found = parameters.find(name);
  if (found == parameters.end()) return std::nullopt;
  return found->second;
}

Result<void> ScriptHost::Engine::call(std::span<const script::Value> arguments,
                                      std::span<script::Value> results) {
  auto called = LuaEngine::call(arguments, results);
  if (!host->script_.exit_code()) return called;
  host->api_.interrupt();
  return {};
}

int ScriptHost::run() {
  if (!add_modules()) return 1;
  Outcome outcome = script_.run_file(options_.script, options_.arguments);
  if (outcome != Outcome::failed && is_stepped()) {
    outcome = run_steps();
  } else if (outcome != Outcome::failed) {
    api_.serve(options_.threaded);
  }
  return script_.exit_code().value_or(outcome == Outcome::failed ? 1 : 0);
}

// Both are globals besides, as they are in the simulator.
bool ScriptHost::add_modules() {
  return script_.protect([this](lua_State* L) {
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    binding_ = lua::push_module(L);
    *binding_ = {&api_, &engine_};
    lua_pushvalue(L, -1);
    lua_setglobal(L, "simWS");
    lua_setfield(L, -2, "simWS");
    push_sim_module(L, simulation_);
    lua_pushvalue(L, -1);
    lua_setglobal(L, "sim");
    lua_setfield(L, -2, "sim");
    lua::set_global_constants(L);
  });
}

bool ScriptHost::is_stepped() const {
  constexpr const char* names[] = {"sysCall_init", "sysCall_actuation", "sysCall_sensing",
                                   "sysCall_thread", "sysCall_cleanup"};
  return std::ranges::any_of(names,
                             [this](const char* name) { return script_.has_function(name); });
}

Outcome ScriptHost::run_steps() {
  api_.forbid_driving();
  Outcome outcome = script_.call("sysCall_init");
  if (outcome == Outcome::failed || script_.exit_code()) return outcome;
  simulation_.thread = script_.make_coroutine("sysCall_thread");

  const auto duration = std::chrono::duration_cast<Clock::duration>(options_.step);
  auto deadline = Clock::now();
  bool is_late_reported = false;
  while (outcome == Outcome::next && !is_ending()) {
    const auto begun = Clock::now();
    outcome = step();
    if (outcome != Outcome::next) break;
    const auto ended = Clock::now();
    if (ended - begun > duration && !std::exchange(is_late_reported, true)) {
      api_.log(LogLevel::warning, "the script's steps take longer than the time of a step");
    }
    // Steps that were missed are left out, not made up for in a burst.
    deadline = std::max(deadline + duration, ended);
    serve_until(deadline);
  }
  if (script_.exit_code()) return Outcome::ended;
  signals_.let_script_finish();
  const Outcome cleaned = script_.call("sysCall_cleanup");
  return outcome == Outcome::failed ? outcome : cleaned;
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
  if (!simulation_.thread || !is_due || Clock::now() < simulation_.wait.real_time) {
    return Outcome::next;
  }
  simulation_.wait = {};
  std::optional<Outcome> outcome;
  {
    const lua::LuaEngine::Entered entered(engine_, simulation_.thread);
    outcome = script_.resume(simulation_.thread);
  }
  if (outcome) simulation_.thread = nullptr;
  return outcome.value_or(Outcome::next);
}

// Events are delivered at once, not at the next step.
void ScriptHost::serve_until(Clock::time_point deadline) {
  do {
    api_.deliver();
    const Seconds left = deadline - Clock::now();
    if (left <= Seconds{0}) return;
    api_.wait(left);
  } while (!is_ending());
}

}  // namespace simws::host
