// A line of the log for what may happen often.
#pragma once

#include <simws/event_loop.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace simws::host {

// Tells at once, and then once in a while how often it has happened since, as long as it does.
// Belongs to the loop's thread.
class CountedLine {
 public:
  using Tell = std::function<void(std::size_t count, const std::string& latest)>;

  // `tell` may be called as long as the loop runs, whatever becomes of this.
  CountedLine(EventLoop& loop, Tell tell, Seconds pause = Seconds{10});

  // `latest`: what it was, for people.
  void note(std::size_t count, std::string latest);

 private:
  struct State;
  static void tell(const std::shared_ptr<State>& state);

  const std::shared_ptr<State> state_;
};

}  // namespace simws::host
