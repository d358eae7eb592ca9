#include "host/commands/screen.h"

#include "host/commands/message_text.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace simws::host {

namespace {

constexpr const char* cyan = "\033[36m";
constexpr const char* dim = "\033[2m";
constexpr const char* red = "\033[31m";
constexpr const char* no_colour = "\033[0m";

// A value of the environment that says something.
bool is_set(const char* name) {
  const char* const value = std::getenv(name);
  return value && *value;
}

bool is_dumb() {
  const char* const terminal = std::getenv("TERM");
  return !terminal || !*terminal || std::strcmp(terminal, "dumb") == 0;
}

// Further lines stand below the first, so that none looks like one of the client's own.
std::string indented(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

}  // namespace

ScreenStyle ScreenStyle::of_environment() {
  ScreenStyle style;
  style.is_terminal = isatty(STDOUT_FILENO) != 0;
  style.has_notes = style.is_terminal && isatty(STDERR_FILENO) != 0;
  style.can_move = style.is_terminal && !is_dumb();
  style.in_colour = style.can_move && !is_set("NO_COLOR");
  return style;
}

Screen::Screen(ScreenStyle style) : style_(style), output_(STDOUT_FILENO) {}

void Screen::show_message(std::string_view data, Opcode opcode) {
  const bool is_hex = style_.binary || opcode == Opcode::binary;
  const std::string text = is_hex ? to_hex(data) : std::string(data);
  if (style_.is_terminal) {
    show_line(is_hex && !style_.binary ? "<binary " : "< ", cyan, text);
  } else {
    output_.add(text);
    output_.add("\n");
  }
}

void Screen::note(std::string_view text) {
  if (style_.has_notes) show_line("-- ", dim, text);
}

void Screen::complain(std::string_view text) {
  if (style_.has_notes) {
    show_line("-- ", red, text);
    return;
  }
  // Short, and rare.
  OutputQueue errors(STDERR_FILENO);
  errors.add("simws: " +
             (isatty(STDERR_FILENO) != 0 ? safe_for_terminal(text) : std::string(text)) + '\n');
  errors.flush(true);
}

void Screen::show_line(std::string_view mark, const char* colour, std::string_view text) {
  const bool is_own = mark.front() == '-';
  std::string line;
  if (style_.in_colour) line += colour;
  line += mark;
  if (style_.in_colour && !is_own) line += no_colour;
  line += indented(safe_for_terminal(text));
  if (style_.in_colour && is_own) line += no_colour;
  output_.add(line + '\n');
}

}  // namespace simws::host
