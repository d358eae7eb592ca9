#include "host/commands/line_editor.h"

#include <histedit.h>
#include <langinfo.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstring>
#include <cwchar>
#include <utility>

namespace simws::host {

namespace {

// Keys that terminals don't send, as a rule; when they do nothing happens.
constexpr const char* hide_key = "\x1f";
constexpr const char* show_key = "\x1e";

// Between the marks stands what takes no room.
constexpr char mark = '\1';
constexpr const char* plain_prompt = "> ";
constexpr const char* coloured_prompt = "\1\033[1m\1>\1\033[0m\1 ";

// Text of WebSocket is UTF-8, whatever the environment says.
void choose_characters() {
  std::setlocale(LC_CTYPE, "");
  if (std::strcmp(nl_langinfo(CODESET), "UTF-8") != 0) std::setlocale(LC_CTYPE, "C.UTF-8");
}

}  // namespace

// What libedit calls.
struct LineEditor::Functions {
  static LineEditor& of(editline* editor) {
    void* self = nullptr;
    el_get(editor, EL_CLIENTDATA, &self);
    return *static_cast<LineEditor*>(self);
  }

  static char* prompt(editline* editor) {
    const LineEditor& self = of(editor);
    return const_cast<char*>(self.is_hidden_ ? "" : self.prompt_);
  }

  static int read_character(editline* editor, wchar_t* character) {
    return of(editor).read_character(*character);
  }

  // libedit itself removes what it has drawn, however many rows that takes.
  static unsigned char hide(editline* editor, int) {
    LineEditor& self = of(editor);
    if (!std::exchange(self.is_pressed_, false)) return CC_NORM;
    const LineInfoW& line = *el_wline(editor);
    self.hidden_line_.assign(line.buffer, line.lastchar);
    self.hidden_cursor_ = static_cast<int>(line.lastchar - line.cursor);
    el_cursor(editor, self.hidden_cursor_);
    el_deletestr(editor, static_cast<int>(self.hidden_line_.size()));
    self.is_hidden_ = true;
    return CC_REFRESH;
  }

  static unsigned char show(editline* editor, int) {
    LineEditor& self = of(editor);
    if (!std::exchange(self.is_pressed_, false)) return CC_NORM;
    self.is_hidden_ = false;
    if (!self.hidden_line_.empty()) el_winsertstr(editor, self.hidden_line_.c_str());
    el_cursor(editor, -self.hidden_cursor_);
    return CC_REFRESH;
  }
};

LineEditor::LineEditor(LineHistory history, bool in_colour, Wait wait)
    : history_(std::move(history)),
      wait_(std::move(wait)),
      prompt_(in_colour ? coloured_prompt : plain_prompt),
      lines_(history_init(), history_end),
      editor_((choose_characters(), el_init("simws", stdin, stdout, stderr)), el_end) {
  editline* const editor = editor_.get();
  load_history();
  el_set(editor, EL_CLIENTDATA, this);
  el_set(editor, EL_PROMPT_ESC, &Functions::prompt, mark);
  el_set(editor, EL_EDITOR, "emacs");
  el_set(editor, EL_HIST, &::history, lines_.get());
  el_set(editor, EL_GETCFN, &Functions::read_character);
  bind_functions();
  el_set(editor, EL_UNBUFFERED, 1);
}

LineEditor::~LineEditor() {
  el_set(editor_.get(), EL_UNBUFFERED, 0);
}

void LineEditor::load_history() {
  HistEvent event;
  ::history(lines_.get(), &event, H_SETSIZE, static_cast<int>(LineHistory::most_lines));
  ::history(lines_.get(), &event, H_SETUNIQUE, 1);
  for (const std::string& line : history_.load()) {
    ::history(lines_.get(), &event, H_ENTER, line.c_str());
  }
}

// The user's ~/.editrc may choose vi, which has a map of keys for commands besides.
void LineEditor::bind_functions() {
  editline* const editor = editor_.get();
  el_source(editor, nullptr);
  // Of narrow strings it would make copies that it never frees.
  el_wset(editor, EL_ADDFN, L"simws-hide", L"Hides the line", &Functions::hide);
  el_wset(editor, EL_ADDFN, L"simws-show", L"Shows the line", &Functions::show);
  for (const auto& [key, name] :
       {std::pair(hide_key, "simws-hide"), std::pair(show_key, "simws-show")}) {
    el_set(editor, EL_BIND, key, name, nullptr);
    el_set(editor, EL_BIND, "-a", key, name, nullptr);
  }
}

bool LineEditor::read(const TakeLine& take) {
  int size = 0;
  is_in_key_ = true;
  const char* const text = el_gets(editor_.get(), &size);
  is_in_key_ = false;
  const bool is_terminal_lost = !text && size == 0;
  if (has_ended_ || is_terminal_lost) return false;
  if (!text) return true;  // the line is empty
  const char last = text[size - 1];
  // An empty line's Ctrl-D.
  if (size == 1 && last == 'D' - '@') return false;
  if (last == '\n' || last == '\r') {
    take_line({text, static_cast<std::size_t>(size - 1)}, take);
  }
  return true;
}

void LineEditor::take_line(std::string line, const TakeLine& take) {
  HistEvent event;
  if (LineHistory::is_kept(line)) ::history(lines_.get(), &event, H_ENTER, line.c_str());
  history_.add(line);
  el_set(editor_.get(), EL_UNBUFFERED, 0);
  take(std::move(line));
  el_set(editor_.get(), EL_UNBUFFERED, 1);
}

void LineEditor::hide() {
  if (!is_hidden_) press(hide_key);
}

void LineEditor::show() {
  if (is_hidden_) press(show_key);
}

void LineEditor::press(const char* key) {
  int size = 0;
  is_pressed_ = true;
  el_push(editor_.get(), key);
  el_gets(editor_.get(), &size);
  is_pressed_ = false;
}

void LineEditor::resize() {
  if (!is_in_key_) hide();
  el_resize(editor_.get());
  if (!is_in_key_) show();
}

void LineEditor::leave_terminal() {
  el_set(editor_.get(), EL_PREP_TERM, 0);
}

void LineEditor::take_terminal() {
  el_set(editor_.get(), EL_PREP_TERM, 1);
  el_resize(editor_.get());
  el_set(editor_.get(), EL_REFRESH);  // from where others have left the cursor
}

int LineEditor::read_character(wchar_t& character) {
  std::mbstate_t state{};
  for (char byte = 0; read_byte(byte);) {
    const std::size_t result = std::mbrtowc(&character, &byte, 1, &state);
    if (result <= 1) return 1;
    if (result == static_cast<std::size_t>(-1)) state = {};  // such bytes are left out
  }
  has_ended_ = true;
  return 0;
}

bool LineEditor::read_byte(char& byte) {
  while (wait_()) {
    const ssize_t got = ::read(STDIN_FILENO, &byte, 1);
    if (got == 1) return true;
    if (got == 0 || (errno != EINTR && errno != EAGAIN)) return false;
  }
  return false;
}

}  // namespace simws::host
