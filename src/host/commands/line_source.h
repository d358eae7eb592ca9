// Where a terminal client's lines come from.
#pragma once

#include <functional>
#include <string>

namespace simws::host {

class LineSource {
 public:
  using TakeLine = std::function<void(std::string line)>;

  virtual ~LineSource() = default;

  // Takes what standard input has, without waiting for more, and hands on the lines that are
  // whole. False: there will be no more.
  virtual bool read(const TakeLine& take) = 0;

  // What else is written between these two leaves no trace of a line that is being edited.
  virtual void hide() {}
  virtual void show() {}

  // After the window has got another size.
  virtual void resize() {}
  // Before the program is stopped for a while, and when it goes on.
  virtual void leave_terminal() {}
  virtual void take_terminal() {}

 protected:
  LineSource() = default;
  LineSource(const LineSource&) = delete;
  LineSource& operator=(const LineSource&) = delete;
};

}  // namespace simws::host
