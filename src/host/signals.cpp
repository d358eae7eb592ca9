#include "host/signals.h"

#include <lua.hpp>

#include <atomic>
#include <chrono>
#include <csignal>

namespace simws::host {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto grace = std::chrono::milliseconds(500);
constexpr int instructions_between_checks = 1000;

// A signal handler can reach nothing else.
std::atomic<script::Api*> signalled_api{nullptr};
std::atomic<lua::LuaEngine*> signalled_engine{nullptr};
std::atomic<Clock::rep> interrupt_at{0};
std::atomic<bool> end_requested{false};
std::atomic<bool> script_interrupted{false};

void interrupt_script(lua_State* L, lua_Debug*) {
  if (Clock::now().time_since_epoch().count() < interrupt_at) return;
  script_interrupted = true;
  lua_sethook(L, nullptr, 0, 0);
  luaL_error(L, "interrupted!");
}

// A SIGTERM is often sent twice, to the process and to its group: only Ctrl-C asks again.
void on_signal(int) {
  std::signal(SIGINT, SIG_DFL);
  if (end_requested.exchange(true)) return;
  interrupt_at = (Clock::now() + grace).time_since_epoch().count();
  if (lua::LuaEngine* const engine = signalled_engine) {
    lua_sethook(engine->state(), interrupt_script, LUA_MASKCOUNT, instructions_between_checks);
  }
  if (script::Api* const api = signalled_api) api->interrupt();
}

}  // namespace

Signals::Signals(script::Api& api, lua::LuaEngine& engine) : engine_(engine) {
  end_requested = false;
  script_interrupted = false;
  signalled_api = &api;
  signalled_engine = &engine;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

Signals::~Signals() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  signalled_api = nullptr;
  signalled_engine = nullptr;
}

bool Signals::is_end_requested() {
  return end_requested;
}

bool Signals::is_script_interrupted() {
  return script_interrupted;
}

void Signals::let_script_finish() {
  signalled_engine = nullptr;
  script_interrupted = false;
  lua_sethook(engine_.state(), nullptr, 0, 0);
}

}  // namespace simws::host
