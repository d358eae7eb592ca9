#include "commands.h"

#include "stacks.h"

#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace simhost {

namespace {

// The answer `> error …`.
struct CommandError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::pair<std::string, std::string> split(const std::string& line) {
  const std::size_t space = std::min(line.find(' '), line.size());
  return {line.substr(0, space), space < line.size() ? line.substr(space + 1) : ""};
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string one_line(std::string text) {
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at)) {
    text.replace(at, 1, "\\n");
  }
  return text;
}

ScriptPlan plan_of(const std::vector<std::string>& words) {
  if (words.size() < 3) throw CommandError("script <kind> <name> <path> [arguments…]");
  ScriptPlan plan;
  const std::string& kind = words[0];
  if (kind == "simulation") plan.kind = ScriptKind::simulation;
  if (kind == "customization") plan.kind = ScriptKind::customization;
  if (kind == "sandbox") plan.kind = ScriptKind::sandbox;
  if (kind == "python") plan.kind = ScriptKind::customization;
  plan.is_python = kind == "python";
  plan.name = words[1];
  plan.path = words[2];
  plan.arguments.assign(words.begin() + 3, words.end());
  return plan;
}

constexpr int never = -1;

int pause_of(const std::string& how) {
  if (how == "on") return 1;
  return how == "spinning" ? 0 : never;
}

// Asked one by one: ThreadSanitizer knows no opendir, so it takes the descriptor of a folder's
// listing for the one of that number before, which another thread may have used.
long descriptor_count() {
  constexpr int more_than_are_open = 4096;
  long count = 0;
  for (int descriptor = 0; descriptor < more_than_are_open; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) != -1) ++count;
  }
  return count;
}

long resident_kib() {
  long pages = 0;
  long resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE) / 1024;
}

double thread_seconds() {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace

Commands::Commands(Simulator& simulator) : simulator_(simulator) {
  simulator_.execute = [this](const std::string& line) { return execute(line); };
}

void Commands::run() {
  while (!simulator_.is_quitting()) {
    if (wait_for_input() && !read_lines()) break;
    if (pause_ != never && !simulator_.is_quitting()) simulator_.pass();
  }
  simulator_.quit(plugin_ends_first_);
}

bool Commands::wait_for_input() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return poll(&input, 1, pause_) > 0;
}

bool Commands::read_lines() {
  char bytes[4096];
  const ssize_t size = read(STDIN_FILENO, bytes, sizeof bytes);
  if (size <= 0) return false;
  input_.append(bytes, static_cast<std::size_t>(size));
  for (std::size_t end = input_.find('\n'); end != std::string::npos; end = input_.find('\n')) {
    const std::string line = input_.substr(0, end);
    input_.erase(0, end + 1);
    const Simulator::Answer said = execute(line);
    std::printf("> %s%s%s\n", said.is_done ? "ok" : "error", said.text.empty() ? "" : " ",
                one_line(said.text).c_str());
    std::fflush(stdout);
    std::fputs(">\n", stderr);  // so that who reads both knows what was logged before
  }
  return true;
}

Simulator::Answer Commands::execute(const std::string& line) {
  const auto [command, rest] = split(line);
  try {
    return {true, answer(command, rest)};
  } catch (const CommandError& error) {
    return {false, error.what()};
  }
}

std::string Commands::answer(const std::string& command, const std::string& rest) {
  if (command == "load") {
    if (!simulator_.plugin().load()) throw CommandError("the plugin refused");
  } else if (command == "unload") {
    simulator_.plugin().unload();
  } else if (command == "pass") {
    for (long count = rest.empty() ? 1 : std::atol(rest.c_str()); count > 0; --count) {
      simulator_.pass();
    }
  } else if (command == "auto") {
    pause_ = pause_of(rest);
  } else if (command == "clock") {
    simulator_.freeze_clock_in_passes(rest == "frozen");
    simulator_.count() = {};
  } else if (command == "start") {
    simulator_.start_simulation();
  } else if (command == "pause") {
    simulator_.pause_simulation();
  } else if (command == "stop") {
    simulator_.stop_simulation();
  } else if (command == "scene") {
    return scene_command(rest);
  } else if (command == "param") {
    const auto [name, value] = split(rest);
    simulator_.parameters().insert_or_assign(name, value);
  } else if (command == "stats") {
    return statistics();
  } else if (command == "measure") {
    const long count = std::atol(rest.c_str());
    const double begun = thread_seconds();
    simulator_.plugin().send_passes(count);
    return std::to_string((thread_seconds() - begun) * 1e9 / static_cast<double>(count));
  } else if (command == "quit") {
    plugin_ends_first_ = rest == "plugin-first";
    simulator_.ask_to_quit();
  } else {
    return script_command(command, rest);
  }
  return {};
}

std::string Commands::script_command(const std::string& command, const std::string& rest) {
  if (command == "script") {
    return std::to_string(simulator_.add_script(plan_of(words_of(rest))).handle());
  }
  const auto [name, text] = split(rest);
  Script* const script = simulator_.find_script(name);
  if (!script) throw CommandError("no script named " + name);
  if (command == "lua") {
    std::string said;
    if (!script->run(text, said)) throw CommandError(said);
    return said;
  }
  if (command == "restart") {
    for (long count = text.empty() ? 1 : std::atol(text.c_str()); count > 0; --count) {
      simulator_.restart_script(*script);
    }
  } else if (command == "end") {
    script->end();
  } else if (command == "remove") {
    simulator_.remove_script(*script);
  } else if (command == "alive") {
    return script->has_state() ? "yes" : "no";
  } else {
    throw CommandError("unknown command " + command);
  }
  return {};
}

std::string Commands::scene_command(const std::string& rest) {
  const auto [what, uid] = split(rest);
  if (what == "new") {
    simulator_.new_scene();
  } else if (what == "close") {
    simulator_.close_scene();
  } else if (what == "switch") {
    simulator_.switch_scene(std::atoi(uid.c_str()));
  } else if (what != "uid") {
    throw CommandError("scene new|close|switch <uid>|uid");
  }
  return std::to_string(simulator_.scene().uid);
}

std::string Commands::statistics() {
  const Simulator::PassCount& count = simulator_.count();
  std::ostringstream text;
  text << "passes=" << count.passes << " calls=" << count.calls
       << " most_calls=" << count.most_calls << " longest=" << count.longest
       << " stacks=" << stacks().count_of_plugin() << " buffers=" << buffers().count()
       << " descriptors=" << descriptor_count() << " resident=" << resident_kib()
       << " cpu=" << thread_seconds();
  return text.str();
}

}  // namespace simhost
