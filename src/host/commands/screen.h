// What a terminal client shows: messages on standard output, notes of its own beside them.
#pragma once

#include "host/commands/output_queue.h"

#include <simws/opcode.h>

#include <string>
#include <string_view>

namespace simws::host {

struct ScreenStyle {
  bool is_terminal = false;  // standard output is one
  bool has_notes = false;    // standard error is that terminal too
  bool can_move = false;     // its cursor, as lines are edited
  bool in_colour = false;
  bool binary = false;  // all messages are shown as hex

  // As standard output and error, NO_COLOR and TERM have it.
  static ScreenStyle of_environment();
};

class Screen {
 public:
  explicit Screen(ScreenStyle style);

  const ScreenStyle& style() const { return style_; }

  // On a terminal a peer's text begins with "< " and can't drive it; elsewhere it's as it came,
  // with a line end behind it.
  void show_message(std::string_view data, Opcode opcode);

  // How it goes, for people only.
  void note(std::string_view text);
  // What went wrong, also where nobody watches.
  void complain(std::string_view text);

  // What was shown and isn't written yet.
  OutputQueue& output() { return output_; }

 private:
  void show_line(std::string_view mark, const char* colour, std::string_view text);

  const ScreenStyle style_;
  OutputQueue output_;
};

}  // namespace simws::host
