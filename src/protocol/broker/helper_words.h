// What a server and its helper process simws-broker, which speaks to the broker, say to each other:
// a frame's header line (see helper_frames.h) is a JSON array that begins with a word.
#pragma once

#include <simws/broker.h>
#include <simws/opcode.h>
#include <simws/result.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace simws::protocol {

namespace helper_word {

// A server says:

// First, and once. What isn't given is empty; files are given by their paths.
struct Start {
  std::string url;
  std::string credentials;
  std::string ca;
  std::string certificate;
  std::string private_key;
  std::string name;
  std::string epoch;
  std::string address;  // host:port at which the server is reached

  friend bool operator==(const Start&, const Start&) = default;
};
// With its payload, to be published; where it's retained to be stored too. Retained and empty it
// forgets its key.
struct Message {
  std::string topic;
  std::string key;
  Opcode opcode = Opcode::text;
  std::uint64_t sequence = 0;
  double time = 0;  // by the system's clock, in milliseconds since 1970
  bool retain = false;

  friend bool operator==(const Message&, const Message&) = default;
};
// With its payload: state as it is when the broker is reached, to be stored, and published again
// for who hasn't heard of it.
struct Retained {
  std::string topic;
  std::string key;
  Opcode opcode = Opcode::text;
  std::uint64_t sequence = 0;
  double time = 0;

  friend bool operator==(const Retained&, const Retained&) = default;
};
// To be acknowledged when all before it is with the broker; `of_stored`: when what is retained of
// it is stored, too, or can't be.
struct Mark {
  std::uint64_t number = 0;
  bool of_stored = false;

  friend bool operator==(const Mark&, const Mark&) = default;
};
// Its payload is what is set for topics (topic_settings.h), all of it, for edges to know.
struct Topics {
  friend bool operator==(const Topics&, const Topics&) = default;
};
// Flush, delete the name, end.
struct Stop {
  friend bool operator==(const Stop&, const Stop&) = default;
};

// The helper says:

struct State {
  enum class Kind : std::uint8_t {
    connecting,  // text: why the broker isn't reached
    open,        // text: the broker's name or address
    held,        // text: where the server is that holds the name
    error,       // text: what is wrong, and what to do
  };
  Kind kind = Kind::connecting;
  std::string text;

  friend bool operator==(const State&, const State&) = default;
};
// While it's open: what doesn't work, and what to do; empty: it's over.
struct Problem {
  std::string text;

  friend bool operator==(const Problem&, const Problem&) = default;
};
struct Acknowledge {
  std::uint64_t number = 0;

  friend bool operator==(const Acknowledge&, const Acknowledge&) = default;
};
// With its payload: what a viewer of an edge publishes.
struct Publish {
  RemoteViewer viewer;
  std::string topic;
  Opcode opcode = Opcode::text;

  friend bool operator==(const Publish&, const Publish&) = default;
};

// A word of a later version: it's passed over.
struct Unknown {
  friend bool operator==(const Unknown&, const Unknown&) = default;
};

// Frames up to their payloads, of which there are none but for those that have the size given.
// REQUIRES: topics and keys are valid, and other texts together up to 8 KiB.
std::string start(const Start& word);
std::string message(std::string_view topic, std::string_view key, Opcode opcode,
                    std::uint64_t sequence, double time, bool retain, std::size_t payload_size);
std::string retained(std::string_view topic, std::string_view key, Opcode opcode,
                     std::uint64_t sequence, double time, std::size_t payload_size);
std::string mark(std::uint64_t number, bool of_stored = false);
std::string topics(std::size_t payload_size);
std::string stop();
std::string state(State::Kind kind, std::string_view text);
std::string problem(std::string_view text);
std::string acknowledge(std::uint64_t number);
std::string publish(const RemoteViewer& viewer, std::string_view topic, Opcode opcode,
                    std::size_t payload_size);

}  // namespace helper_word

using ServerWord =
    std::variant<helper_word::Unknown, helper_word::Start, helper_word::Message,
                 helper_word::Retained, helper_word::Mark, helper_word::Topics, helper_word::Stop>;
using HelperWord = std::variant<helper_word::Unknown, helper_word::State, helper_word::Problem,
                                helper_word::Acknowledge, helper_word::Publish>;

// Of a header line. Error: it isn't the protocol, and the connection ends.
Result<ServerWord> parse_server_word(std::string_view line);
Result<HelperWord> parse_helper_word(std::string_view line);

// A viewer as it's written in the header Simws-Viewer, which has its edge elsewhere.
std::string viewer_text(const RemoteViewer& viewer);
// Error: it's no JSON object, or over 1 KiB. Members that aren't known are passed over.
Result<RemoteViewer> parse_viewer(std::string_view text, std::string_view edge);

// "connecting", ...
std::string_view name_of(helper_word::State::Kind kind);

}  // namespace simws::protocol
