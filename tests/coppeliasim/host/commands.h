// The host's language: one command a line on standard input, one answer for each on standard
// output,
// `> ok[ text]` or `> error text`, and `>` on standard error.
#pragma once

#include "simulator.h"

#include <string>

namespace simhost {

class Commands {
 public:
  explicit Commands(Simulator& simulator);

  // Reads commands, and lets the simulator pass between them, until `quit` or the input's end.
  void run();

 private:
  // Whether a line can be read before the next pass is due.
  bool wait_for_input();
  bool read_lines();
  Simulator::Answer execute(const std::string& line);
  std::string answer(const std::string& command, const std::string& rest);
  std::string script_command(const std::string& command, const std::string& rest);
  std::string scene_command(const std::string& rest);
  std::string statistics();

  Simulator& simulator_;
  std::string input_;
  int pause_ = -1;  // milliseconds before each pass; negative: it passes only when told
  bool plugin_ends_first_ = false;
};

}  // namespace simhost
