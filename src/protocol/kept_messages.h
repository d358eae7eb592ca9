// Messages sent while a client is away, until it's connected again.
#pragma once

#include <simws/opcode.h>

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace simws::protocol {

class KeptMessages {
 public:
  struct Kept {
    std::string data;
    Opcode opcode = Opcode::text;
    bool compress = true;
  };

  // What each counts besides its bytes.
  static constexpr std::size_t overhead = 64;

  // At most so many bytes.
  explicit KeptMessages(std::size_t limit) : limit_(limit) {}

  // False: there's no room.
  bool add(std::string_view data, Opcode opcode, bool compress = true);
  // The oldest. Nothing: none is left.
  std::optional<Kept> take();
  // Returns how many there were.
  std::size_t clear();

  // Of those refused in a row: once true.
  bool is_first_refused() { return refused_ && !std::exchange(told_, true); }
  // A line for the log then. `uri`: where they would go, without secrets.
  std::string describe_full(std::string_view uri) const;

  bool empty() const { return kept_.empty(); }
  std::size_t bytes() const { return bytes_; }

 private:
  static std::size_t cost(std::string_view data) { return data.size() + overhead; }

  const std::size_t limit_;
  std::size_t bytes_ = 0;
  bool refused_ = false;
  bool told_ = false;
  std::deque<Kept> kept_;
};

}  // namespace simws::protocol
