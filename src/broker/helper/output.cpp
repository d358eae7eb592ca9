#include "broker/helper/output.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace simws::broker {

using protocol::helper_word::State;

void Output::say(std::string_view frame, std::string_view payload) {
  const std::lock_guard lock(mutex_);
  write(frame);
  write(payload);
}

void Output::write(std::string_view bytes) {
  while (!bytes.empty() && !is_lost_) {
    const ssize_t written = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd room{descriptor_, POLLOUT, 0};
      (void)::poll(&room, 1, -1);
    } else if (errno != EINTR) {
      is_lost_ = true;
    }
  }
}

void Output::state(State::Kind kind, const std::string& text) {
  const State state{kind, text};
  if (has_state_ && state == state_) return;
  has_state_ = true;
  state_ = state;
  problem_.clear();
  say(protocol::helper_word::state(kind, text));
}

void Output::problem(const std::string& text) {
  if (text == problem_) return;
  problem_ = text;
  say(protocol::helper_word::problem(text));
}

}  // namespace simws::broker
