// Lines that are edited on the terminal, with a history, by libedit.
#pragma once

#include "host/commands/line_history.h"
#include "host/commands/line_source.h"

#include <functional>
#include <memory>
#include <string>

struct editline;
struct history;

namespace simws::host {

// Standard input and output must be a terminal. One at a time in a process.
class LineEditor : public LineSource {
 public:
  // Called inside `read` when a key is begun that has more bytes: lets other things happen until
  // standard input has one. False: nobody wants it any more.
  using Wait = std::function<bool()>;

  LineEditor(LineHistory history, bool in_colour, Wait wait);
  ~LineEditor() override;

  // One key.
  bool read(const TakeLine& take) override;

  void hide() override;
  void show() override;
  void resize() override;
  void leave_terminal() override;
  void take_terminal() override;

 private:
  struct Functions;

  void load_history();
  void bind_functions();
  // The next character; as a function of libedit returns it: 1, 0 at the end.
  int read_character(wchar_t& character);
  bool read_byte(char& byte);
  // Has libedit run what is bound to a key.
  void press(const char* key);
  void take_line(std::string line, const TakeLine& take);

  const LineHistory history_;
  const Wait wait_;
  const char* const prompt_;
  std::unique_ptr<history, void (*)(history*)> lines_;
  std::unique_ptr<editline, void (*)(editline*)> editor_;
  bool has_ended_ = false;
  bool is_in_key_ = false;   // `read` is under way
  bool is_pressed_ = false;  // a key by `press`, not by the user
  bool is_hidden_ = false;
  std::wstring hidden_line_;
  int hidden_cursor_ = 0;  // from the line's end
};

}  // namespace simws::host
