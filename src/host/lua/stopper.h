// How the host stops a Lua script: by errors in whatever it does, which no pcall and no coroutine
// gets around.
#pragma once

#include <lua.hpp>

#include <atomic>
#include <chrono>
#include <optional>

namespace simws::host {

// A script stops by itself, by os.exit, or is interrupted. From then on each instruction of it
// raises an error, so that the host is returned to. Lua's hooks belong to a single coroutine, so
// coroutine.resume and coroutine.wrap tell which one runs. Outlives the state.
class Stopper {
 public:
  Stopper() = default;
  Stopper(const Stopper&) = delete;
  Stopper& operator=(const Stopper&) = delete;

  // Replaces os.exit, coroutine.resume and coroutine.wrap of a main state. May raise an error.
  void install(lua_State* L);

  // The code that the script has asked for by os.exit.
  std::optional<int> exit_code() const { return exit_code_; }

  void interrupt();
  // Once `grace` is over. From a signal handler, too.
  void interrupt_after(std::chrono::milliseconds grace);
  // It has asked for its end, or was interrupted.
  bool has_stopped() const { return exit_code_ || has_interrupted_; }
  // It may go on.
  void cancel();

  // While it lives, this coroutine runs.
  class Running {
   public:
    Running(Stopper& stopper, lua_State* L) : stopper_(stopper), before_(stopper.running_) {
      stopper_.enter(L);
    }
    ~Running() { stopper_.enter(before_); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    Stopper& stopper_;
    lua_State* const before_;
  };

 private:
  using Clock = std::chrono::steady_clock;

  static int exit(lua_State* L);
  static int resume(lua_State* L);
  static int wrap(lua_State* L);
  static int resume_wrapped(lua_State* L);
  static void on_instructions(lua_State* L, lua_Debug*);

  // Resumes the coroutine with the `count` arguments on the stack. Returns how many results are
  // there instead; -1: an error, and the coroutine is closed when `closes`.
  int run(lua_State* L, lua_State* coroutine, int count, bool closes);
  void enter(lua_State* L);
  void arm(lua_State* L) const;

  std::atomic<lua_State*> running_{nullptr};
  std::optional<int> exit_code_;
  std::atomic<Clock::rep> interrupt_at_{0};  // 0: not asked for
  std::atomic<bool> has_interrupted_{false};
};

}  // namespace simws::host
