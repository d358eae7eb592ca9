// What a NATS server keeps and answers in JSON: who holds a simulation's name, and whether a stream
// has stored something. Anybody whom the broker lets may have written it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol {

struct NameHolder {
  std::string epoch;
  std::string address;  // host:port of its server
  std::string host;     // its machine
  std::string topics =
      {};  // what is set for its topics, as topic_settings.h has it; empty: nothing
};

// Where that is, for people: the address, and the machine where this doesn't name it.
std::string shown(const NameHolder& holder);

// Nothing: it's none.
std::optional<NameHolder> parse_name_holder(std::string_view json);
// REQUIRES: its topics are JSON.
std::string name_holder_text(const NameHolder& holder);

// The stream's sequence of a message that it has stored, or why it has not.
struct StreamAnswer {
  std::optional<std::uint64_t> sequence;
  std::string fault;
};
StreamAnswer parse_stream_answer(std::string_view json);

}  // namespace simws::protocol
