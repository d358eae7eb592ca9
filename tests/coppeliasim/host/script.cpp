#include "script.h"

#include "lua_items.h"
#include "sim_module.h"
#include "simulator.h"
#include "strict.h"

#include <algorithm>
#include <utility>

namespace simhost {

namespace {

int add_traceback(lua_State* L) {
  luaL_traceback(L, L, luaL_tolstring(L, 1, nullptr), 1);
  return 1;
}

std::string text_at(lua_State* L, int index) {
  std::size_t size = 0;
  const char* const bytes = luaL_tolstring(L, index, &size);
  std::string text(bytes, size);
  lua_pop(L, 1);
  return text;
}

// As it is: scripts may refuse unknown names by a metatable of _G.
void push_global(lua_State* L, const char* name) {
  lua_pushglobaltable(L);
  lua_pushstring(L, name);
  lua_rawget(L, -2);
  lua_remove(L, -2);
}

}  // namespace

// While one lives, code of the script is under way and its state can't end.
class Script::Executing {
 public:
  explicit Executing(Script& script) : script_(script) { ++script_.depth_; }
  ~Executing() {
    --script_.depth_;
    script_.end_if_due();
  }
  Executing(const Executing&) = delete;
  Executing& operator=(const Executing&) = delete;

 private:
  Script& script_;
};

Script::Script(Simulator& simulator, ScriptPlan plan, int handle, int object, std::int64_t uid)
    : simulator_(simulator), plan_(std::move(plan)), handle_(handle), object_(object), uid_(uid) {}

Script::~Script() {
  if (depth_ > 0) misuse("host", plan_.name + " is destroyed while it runs");
  end();
}

Script& Script::of(lua_State* L) {
  return **static_cast<Script**>(lua_getextraspace(L));
}

void Script::begin() {
  if (plan_.kind == ScriptKind::add_on) {
    if (!open_state()) return;
    call_system("sysCall_info");
    end();
  }
  if (!open_state()) return;
  call_system("sysCall_init");
  if (!state_) return;
  push_global(state_, "sysCall_thread");
  if (lua_isfunction(state_, -1)) {
    thread_ = lua_newthread(state_);
    thread_reference_ = luaL_ref(state_, LUA_REGISTRYINDEX);
    lua_xmove(state_, thread_, 1);
  } else {
    lua_pop(state_, 1);
  }
}

bool Script::open_state() {
  is_initialized_ = is_ending_ = is_announced_ = ends_ = false;
  wait_until_ = 0;
  state_ = luaL_newstate();
  *static_cast<Script**>(lua_getextraspace(state_)) = this;
  const Executing executing(*this);
  luaL_openlibs(state_);
  open_sim_module(state_, *this);
  is_initialized_ = true;
  lua_pushcfunction(state_, add_traceback);
  const bool is_read = luaL_loadfilex(state_, plan_.path.c_str(), "t") == LUA_OK;
  if (is_read && lua_pcall(state_, 0, 0, -2) == LUA_OK) {
    lua_pop(state_, 1);
    return true;
  }
  take_error();
  lua_pop(state_, 1);
  return false;
}

// A state that failed ends when nothing of it runs any more.
void Script::end_if_due() {
  if (depth_ == 0 && ends_ && state_ && !is_ending_) end();
}

void Script::end() {
  if (!state_ || is_ending_) return;
  if (depth_ > 0) {
    ends_ = true;
    return;
  }
  is_ending_ = true;
  if (is_initialized_) call_system("sysCall_cleanup");
  is_announced_ = true;
  simulator_.announce_end(*this, script_state_about_to_be_destroyed);
  close_state();
}

void Script::close_state() {
  thread_ = nullptr;
  thread_reference_ = LUA_NOREF;
  lua_close(std::exchange(state_, nullptr));
}

// From the top of the stack.
void Script::take_error() {
  simulator_.log(verbosity_script_errors, plan_.name, text_at(state_, -1));
  lua_pop(state_, 1);
  if (plan_.kind != ScriptKind::sandbox) ends_ = true;
  if (plan_.kind != ScriptKind::sandbox && plan_.kind != ScriptKind::add_on) {
    if (simulator_.state() == SimulationState::running) simulator_.pause_simulation();
  }
}

bool Script::push_function(const std::string& name) {
  lua_pushglobaltable(state_);
  std::size_t begin = 0;
  while (begin <= name.size()) {
    const std::size_t dot = std::min(name.find('.', begin), name.size());
    if (!lua_istable(state_, -1)) break;
    lua_getfield(state_, -1, name.substr(begin, dot - begin).c_str());
    lua_remove(state_, -2);
    begin = dot + 1;
  }
  if (begin > name.size() && lua_isfunction(state_, -1)) return true;
  lua_pop(state_, 1);
  return false;
}

CallOutcome Script::call(const std::string& function, const Items& arguments, Items& results) {
  if (!state_ || ends_) return CallOutcome::missing;
  const Executing executing(*this);
  lua_State* const L = state_;
  const int base = lua_gettop(L);
  push_global(L, "sysCall_ext");
  const bool is_forwarded = lua_isfunction(L, -1);
  if (!is_forwarded) lua_pop(L, 1);
  if (!is_forwarded && !push_function(function)) return CallOutcome::missing;
  if (is_forwarded) lua_pushlstring(L, function.data(), function.size());
  luaL_checkstack(L, static_cast<int>(arguments.size()) + 8, nullptr);
  for (const Item& argument : arguments) push_item(L, argument);
  CallOutcome outcome =
      call_pushed(static_cast<int>(arguments.size()) + (is_forwarded ? 1 : 0), &results);
  lua_settop(L, base);
  const auto* told = results.size() == 1 ? results.front().as<Text>() : nullptr;
  if (!told) return outcome;
  // What the bridge to Python answers for its scripts.
  if (told->bytes == "_*funcNotFound*_") outcome = CallOutcome::missing;
  if (told->bytes == "_*runtimeError*_") outcome = CallOutcome::failed;
  if (outcome != CallOutcome::done) results.clear();
  return outcome;
}

// Function and arguments are on top.
CallOutcome Script::call_pushed(int arguments, Items* results) {
  lua_State* const L = state_;
  const int handler = lua_gettop(L) - arguments;
  lua_pushcfunction(L, add_traceback);
  lua_insert(L, handler);
  if (lua_pcall(L, arguments, LUA_MULTRET, handler) != LUA_OK) {
    take_error();
    lua_remove(L, handler);
    return CallOutcome::failed;
  }
  const int count = lua_gettop(L) - handler;
  if (results) *results = items_from(L, handler + 1, count, simulator_.options().version);
  lua_settop(L, handler - 1);
  return CallOutcome::done;
}

CallOutcome Script::call_system(const char* function) {
  if (!state_) return CallOutcome::missing;
  const Executing executing(*this);
  push_global(state_, function);
  if (!lua_isfunction(state_, -1)) {
    lua_pop(state_, 1);
    return CallOutcome::missing;
  }
  Items results;
  const CallOutcome outcome = call_pushed(0, &results);
  if (outcome == CallOutcome::done) take_command(results);
  return outcome;
}

// {cmd = 'cleanup'} ends a script.
void Script::take_command(const Items& results) {
  const auto* table = results.empty() ? nullptr : results.front().as<Table>();
  if (!table) return;
  for (const Entry& entry : table->entries) {
    const auto* key = entry.key.as<Text>();
    const auto* value = entry.value.as<Text>();
    if (key && value && key->bytes == "cmd" && value->bytes == "cleanup") ends_ = true;
  }
}

void Script::resume_thread() {
  if (!thread_ || depth_ > 0 || simulator_.time() < wait_until_) return;
  const Executing executing(*this);
#if LUA_VERSION_NUM >= 504
  int results = 0;
  const int status = lua_resume(thread_, state_, 0, &results);
#else
  const int status = lua_resume(thread_, state_, 0);
#endif
  if (status == LUA_YIELD) {
    lua_settop(thread_, 0);
    return;
  }
  if (status != LUA_OK) {
    luaL_traceback(state_, thread_, luaL_tolstring(thread_, -1, nullptr), 0);
    take_error();
  }
  luaL_unref(state_, LUA_REGISTRYINDEX, thread_reference_);
  thread_ = nullptr;
}

bool Script::run(const std::string& chunk, std::string& answer) {
  if (!state_) {
    answer = plan_.name + " has no state";
    return false;
  }
  const Executing executing(*this);
  lua_State* const L = state_;
  const int base = lua_gettop(L);
  bool is_done = luaL_loadbuffer(L, chunk.data(), chunk.size(), "=command") == LUA_OK;
  is_done = is_done && lua_pcall(L, 0, LUA_MULTRET, 0) == LUA_OK;
  answer.clear();
  for (int i = base + 1; i <= lua_gettop(L); ++i) {
    if (i > base + 1) answer += '\t';
    answer += text_at(L, i);
  }
  lua_settop(L, base);
  return is_done;
}

}  // namespace simhost
