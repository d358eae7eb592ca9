// What a recording says, line by line (docs/recording.md).
#pragma once

#include <simws/opcode.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace simws::recording {

constexpr std::string_view format_name = "simws-recording";
constexpr std::uint64_t format_version = 1;

// The first line.
struct Header {
  std::string began;        // by the system's clock (RFC 3339)
  std::string url;          // of the server that a client recorded; empty: a server recorded itself
  std::string server;       // where that listened; empty otherwise
  std::string subprotocol;  // of the client; empty: none

  friend bool operator==(const Header&, const Header&) = default;
};

// Each of these is a line. Connections are counted from 1. Texts are borrowed.

struct Message {
  std::string_view data;  // UTF-8 where it's text
  Opcode opcode = Opcode::text;
  std::string_view topic = {};  // empty: it has none
  std::string_view key = {};
  bool retain = false;
  std::uint64_t from = 0;  // the connection that sent it to the server; 0: none did
  std::uint64_t to = 0;    // the one connection that it went to; 0: it went to all there were

  friend bool operator==(const Message&, const Message&) = default;
};

struct Opened {
  std::uint64_t connection = 0;
  std::string_view address = {};  // empty: not known

  friend bool operator==(const Opened&, const Opened&) = default;
};

struct Closed {
  std::uint64_t connection = 0;
  int code = 0;  // 0: not known
  std::string_view reason = {};

  friend bool operator==(const Closed&, const Closed&) = default;
};

// What should stand here had no room.
struct Lost {
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;  // of their messages

  friend bool operator==(const Lost&, const Lost&) = default;
};

struct Entry {
  std::uint64_t time = 0;  // microseconds since it began
  std::variant<Message, Opened, Closed, Lost> what;

  friend bool operator==(const Entry&, const Entry&) = default;
};

// Recordings longer than this aren't taken for such: a billion seconds.
constexpr std::uint64_t longest = 1'000'000'000'000'000;

}  // namespace simws::recording
