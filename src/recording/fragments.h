// Messages that are sent in fragments, as the whole messages that a recording has.
#pragma once

#include <simws/opcode.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace simws::recording {

class Fragments {
 public:
  // Of all connections, in bytes.
  explicit Fragments(std::size_t most) : most_(most) {}

  struct Whole {
    std::string_view data;  // valid until the next call
    Opcode opcode = Opcode::text;
  };

  // What a connection was sent; in `whole` the message that has ended by it, if one has. Returns
  // how many bytes are lost: those of a message whose begin wasn't seen, or for which there's no
  // room; they are told when it ends.
  std::size_t add(std::uint64_t connection, std::string_view data, Opcode opcode, bool fin,
                  std::optional<Whole>& whole);
  // It has closed.
  void forget(std::uint64_t connection);

 private:
  struct Unfinished {
    Opcode opcode = Opcode::text;
    std::string data;
    std::size_t lost = 0;
    bool is_whole = false;  // all so far is in `data`
  };

  const std::size_t most_;
  std::size_t size_ = 0;  // of all
  std::map<std::uint64_t, Unfinished> unfinished_;
  std::string finished_;
};

}  // namespace simws::recording
