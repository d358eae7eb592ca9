#include "bindings/coppeliasim/script_session.h"

#include <string_view>
#include <utility>

namespace simws::coppeliasim {

namespace {

class Use {
 public:
  explicit Use(int& count) : count_(count) { ++count_; }
  ~Use() { --count_; }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

 private:
  int& count_;
};

std::string name_of(const Simulator& simulator, int script) {
  std::string name;
  if (simulator.get_script_string_param) {
    int length = 0;
    name = simulator.take_text(
        simulator.get_script_string_param(script, parameter::script_name, &length));
  }
  return name.empty() ? "script " + std::to_string(script) : name;
}

// The WS plugin let everybody in; whoever relies on that finds here how to have it back.
std::string who_is_shut_out(const ServerOptions& options) {
  const bool is_local = options.host.empty();
  const bool is_same_origin = options.origins.empty();
  std::string line;
  if (is_local) {
    line +=
        "other machines can't connect; the named parameter simWS.host=* (or the option host) "
        "lets them, as the WS plugin did";
  }
  if (is_local && is_same_origin) line += "; ";
  if (is_same_origin) {
    line +=
        "web pages from elsewhere are refused; the named parameter simWS.origins=* (or the "
        "option origins) admits them";
  }
  return line;
}

}  // namespace

ScriptSession::ScriptSession(const Simulator& simulator, dispatch::Network& network,
                             const std::shared_ptr<PluginLog>& log, ScriptKey key)
    : key_(key),
      name_(name_of(simulator, key.script)),
      log_(log),
      engine_(simulator, key.script),
      api_(network, engine_, make_settings()) {
  api_.forbid_driving();
}

// Servers log after their script has ended too, so the line's parts live with the logger.
script::Settings ScriptSession::make_settings() {
  script::Settings settings;
  settings.logger = [log = log_, name = name_](LogLevel level, std::string_view line) {
    log->write(level, (name + ": ").append(line));
  };
  settings.start_note = [this](const ServerOptions& options) {
    const std::string note = log_->has_advised() ? "" : who_is_shut_out(options);
    gives_advice_ = !note.empty();
    return note;
  };
  settings.asks_environment_for_proxy = false;  // it's of the simulator's start, not the script's
  return settings;
}

Result<script::Value> ScriptSession::call(const script::FunctionRow& row, std::size_t given,
                                          std::span<script::Value> values) {
  const Use use(uses_);
  const bool is_start = row.implementation == &script::Api::start;
  if (is_start || row.implementation == &script::Api::connect) {
    const std::string verbose = engine_.named_parameter("simWS.verbose").value_or("0");
    const bool is_verbose = verbose != "0" && verbose != "false";
    log_->set_verbose(is_verbose);
    api_.set_log_level(is_verbose ? LogLevel::debug : LogLevel::info);
  }
  auto result = api_.call(row, given, values);
  if (is_start && result && gives_advice_) log_->note_advised();
  log_->flush();
  return result;
}

void ScriptSession::deliver(Seconds budget) {
  const Use use(uses_);
  api_.deliver(budget);
}

void ScriptSession::end() {
  has_ended_ = true;
  engine_.end();
  api_.end();
}

}  // namespace simws::coppeliasim
