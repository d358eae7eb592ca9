#include "bindings/coppeliasim/plugin.h"

#include "bindings/coppeliasim/lua_files.h"
#include "bindings/coppeliasim/stack.h"
#include "script/arguments.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>

namespace simws::coppeliasim {

namespace {

using Clock = std::chrono::steady_clock;

class Delivering {
 public:
  explicit Delivering(bool& flag) : flag_(flag) { flag_ = true; }
  ~Delivering() { flag_ = false; }
  Delivering(const Delivering&) = delete;
  Delivering& operator=(const Delivering&) = delete;

 private:
  bool& flag_;
};

void raise(const Simulator& simulator, const std::string& message) {
  simulator.set_last_error(nullptr, message.c_str());
}

// simWS.lua gives a text of its own for a function that it keeps. Without it, a function reaches a
// plugin as a text that shows its address, and can't be called.
script::Value callback_argument(script::Value value) {
  const auto text = value.text();
  if (text == kept_function) return {script::Function{}};
  if (!text || !text->starts_with("<FUNCTION 0x")) return value;
  return {script::Opaque{"a function, which takes simWS.lua: load it with require 'simWS'"}};
}

}  // namespace

Plugin::Plugin(const Simulator& simulator, const std::string& plugin_name)
    : simulator_(simulator), log_(std::make_shared<PluginLog>(simulator_, plugin_name)) {
  show_user_agent();
}

// Scripts of the WS plugin read it.
void Plugin::show_user_agent() const {
  constexpr const char* name = "simWS.userAgent";
  if (!simulator_.take_text(simulator_.get_named_string_param(name, nullptr)).empty()) return;
  const std::string agent = user_agent(simulator_);
  simulator_.set_named_string_param(name, agent.data(), static_cast<int>(agent.size()));
}

Plugin::~Plugin() {
  sessions_.clear();
  log_->write_all();
}

void Plugin::call(const script::FunctionRow& row, const ScriptCall& call) try {
  const Stack stack(simulator_, call.stack);
  const std::size_t given = stack.size();
  HeldTexts held(simulator_);
  script::ArgumentList arguments;
  for (std::size_t i = 0; i < given && i < row.parameters.size(); ++i) {
    const bool is_callback = row.parameters[i].type == script::Type::callback;
    arguments.add([&] {
      if (is_callback) return callback_argument(stack.take_first(held));
      return stack.take_first(held);
    });
  }
  const auto result = session_of(call.script).call(row, given, arguments.values());
  stack.clear();
  if (!result) return raise(simulator_, result.error().message);
  if (!row.results.empty()) stack.push(*result);
} catch (const std::exception& failure) {
  raise(simulator_, "simWS." + std::string(row.name) + ": " + failure.what());
}

void Plugin::use_module(const ScriptCall& call) try {
  Stack(simulator_, call.stack).clear();
  session_of(call.script).use_module();
} catch (const std::exception& failure) {
  raise(simulator_, "simWS." + std::string(use_module_function) + ": " + failure.what());
}

// Add-ons and the sandbox outlive scenes.
ScriptKey Plugin::key_of(int script) const {
  int type = -1;
  if (simulator_.get_script_int32_param) {
    simulator_.get_script_int32_param(script, parameter::script_type, &type);
  }
  const bool is_of_scene = type != script_type::add_on && type != script_type::sandbox;
  return {script, is_of_scene ? shown_scene() : 0};
}

ScriptSession* Plugin::find(const ScriptKey& key) {
  const auto found = std::ranges::find_if(sessions_, [&](const auto& session) {
    return session->key() == key && !session->has_ended();
  });
  return found == sessions_.end() ? nullptr : found->get();
}

ScriptSession& Plugin::session_of(int script) {
  const ScriptKey key = key_of(script);
  if (ScriptSession* const found = find(key)) return *found;
  forget_ended();
  sessions_.push_back(std::make_unique<ScriptSession>(simulator_, network_, log_, key));
  return *sessions_.back();
}

void Plugin::on_message(const Message& message) {
  switch (message.id) {
    case message::instance_pass:
      return pass();
    case message::script_state_about_to_be_destroyed:
    case message::script_about_to_be_destroyed:
      if (message.data) end_script(message.data[0]);
      return;
    default:
      return;
  }
}

// It may come again for the same script, for one that never called us, and while the script's own
// functions and handlers are under way.
void Plugin::end_script(int script) {
  const int scene = shown_scene();
  for (const auto& session : sessions_) {
    const ScriptKey& key = session->key();
    if (session->has_ended() || key.script != script) continue;
    if (key.scene != 0 && key.scene != scene) continue;
    session->end();
    has_ended_sessions_ = true;
  }
  forget_ended();
}

void Plugin::end() {
  for (const auto& session : sessions_) {
    if (!session->has_ended()) session->end();
  }
  has_ended_sessions_ = true;
  forget_ended();
}

void Plugin::forget_ended() {
  if (is_delivering_ || !has_ended_sessions_) return;
  std::erase_if(sessions_,
                [](const auto& session) { return session->has_ended() && !session->is_in_use(); });
  has_ended_sessions_ =
      std::ranges::any_of(sessions_, [](const auto& session) { return session->has_ended(); });
}

// A handler may make the simulator pass again; what waits is handed over by the pass under way.
void Plugin::pass() {
  log_->begin_pass();
  if (is_delivering_) return;
  if (std::ranges::any_of(sessions_, [](const auto& session) { return session->has_events(); })) {
    const Delivering delivering(is_delivering_);
    deliver();
  }
  if (has_ended_sessions_) forget_ended();
}

// Handlers may make sessions and end them, so they are numbered.
void Plugin::deliver() {
  const auto begun = Clock::now();
  const int scene = shown_scene();
  Seconds budget{0};
  for (const auto& session : sessions_) budget = std::max(budget, session->pass_budget());
  const std::size_t count = sessions_.size();
  const std::size_t first = first_++ % count;
  for (std::size_t i = 0; i < count; ++i) {
    ScriptSession& session = *sessions_[(first + i) % count];
    const bool is_shown = session.key().scene == 0 || session.key().scene == scene;
    if (!session.has_events() || !is_shown) continue;
    const Seconds left = budget - (Clock::now() - begun);
    if (left < Seconds{0} && i > 0) break;
    session.deliver(left);
  }
}

}  // namespace simws::coppeliasim
