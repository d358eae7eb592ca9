#include "host/commands/plain_lines.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

namespace simws::host {

bool PlainLines::read(const TakeLine& take) {
  std::array<char, 65536> buffer{};
  const ssize_t got = ::read(descriptor_, buffer.data(), buffer.size());
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  if (got == 0) {
    if (!pending_.empty()) take(std::exchange(pending_, {}));
    return false;
  }
  std::string_view rest(buffer.data(), static_cast<std::size_t>(got));
  for (std::size_t end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
    pending_ += rest.substr(0, end);
    take(std::exchange(pending_, {}));
    rest.remove_prefix(end + 1);
  }
  pending_ += rest;
  if (pending_.size() <= longest_) return true;
  take(std::exchange(pending_, {}));
  return false;
}

}  // namespace simws::host
