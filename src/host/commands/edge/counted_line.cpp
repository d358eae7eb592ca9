#include "host/commands/edge/counted_line.h"

#include <utility>

namespace simws::host {

struct CountedLine::State {
  EventLoop& loop;
  Tell tell;
  Seconds pause;
  std::size_t count = 0;
  std::string latest = {};
  bool waits = false;  // for the pause's end
};

CountedLine::CountedLine(EventLoop& loop, Tell tell, Seconds pause)
    : state_(std::make_shared<State>(State{loop, std::move(tell), pause})) {}

void CountedLine::note(std::size_t count, std::string latest) {
  if (count == 0) return;
  state_->count += count;
  state_->latest = std::move(latest);
  if (!state_->waits) tell(state_);
}

void CountedLine::tell(const std::shared_ptr<State>& state) {
  state->waits = state->count > 0;
  if (!state->waits) return;
  state->tell(std::exchange(state->count, 0), state->latest);
  state->loop.call_after(state->pause, [state] { tell(state); });
}

}  // namespace simws::host
