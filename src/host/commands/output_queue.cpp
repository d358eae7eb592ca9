#include "host/commands/output_queue.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace simws::host {

namespace {

// A pipe that can be written to has room for so much.
constexpr std::size_t piece = PIPE_BUF;

}  // namespace

// The descriptor is shared with other programs, so it isn't made non-blocking: it's asked.
bool OutputQueue::flush(bool waits) {
  while (!is_empty()) {
    pollfd watched{descriptor_, POLLOUT, 0};
    const int ready = poll(&watched, 1, waits ? -1 : 0);
    if (ready == 0) break;
    const ssize_t written =
        ready < 0 ? -1 : ::write(descriptor_, text_.data() + written_, std::min(size(), piece));
    if (written < 0 && errno != EINTR && errno != EAGAIN) return false;
    if (written > 0) written_ += static_cast<std::size_t>(written);
  }
  // What was written is left where it is until it's the larger half.
  if (written_ * 2 >= text_.size()) {
    text_.erase(0, written_);
    written_ = 0;
  }
  return true;
}

}  // namespace simws::host
