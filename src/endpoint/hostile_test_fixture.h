// Inputs that no well-behaved client sends, in every way the network can deliver and end them, in
// plain and over TLS.
#pragma once

#include "endpoint/both_wires_test.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace simws::endpoint::test {

// What the test's client sends, and what becomes of it.
struct HostileCase {
  std::string name;
  std::string input;
  std::string answer;  // as `words_of_answer` has it
  Words events = {};   // of this connection, before the client ends it
};

using HostileCases = std::vector<HostileCase>;

// The fields that open a WebSocket, each of which a case may replace.
struct Opening {
  std::string line = "GET / HTTP/1.1";
  std::string host = "Host: localhost\r\n";
  std::string upgrade = "Upgrade: websocket\r\n";
  std::string connection = "Connection: Upgrade\r\n";
  std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  std::string version = "Sec-WebSocket-Version: 13\r\n";
  std::string more = {};

  std::string bytes() const {
    return line + "\r\n" + host + upgrade + connection + key + version + more + "\r\n";
  }
};

// A masked frame of bytes that need not make sense. `first` has FIN, the reserved bits and the
// opcode; the length is that of `payload` in its shortest form.
inline std::string raw_frame(int first, std::string payload) {
  std::string frame = client_frame(protocol::FrameOpcode::text, std::move(payload));
  frame[0] = static_cast<char>(first);
  return frame;
}

// Takes one HTTP answer off the front; returns its status.
inline std::string take_response(std::string& bytes) {
  const std::string status = bytes.substr(9, 3);
  const std::size_t head = std::min(bytes.find("\r\n\r\n"), bytes.size() - 4) + 4;
  const std::size_t field = bytes.substr(0, head).find("Content-Length: ");
  std::size_t body = 0;
  if (field != std::string::npos) body = std::strtoul(bytes.c_str() + field + 16, nullptr, 10);
  bytes.erase(0, std::min(head + (bytes.size() == head ? 0 : body), bytes.size()));
  return status;
}

// "101 text close 1002", "100 200 400"; "?" for what no server may send.
inline std::string words_of_answer(std::string bytes) {
  std::string words;
  const auto add = [&](const std::string& word) { words += (words.empty() ? "" : " ") + word; };
  while (bytes.starts_with("HTTP/1.1 ")) add(take_response(bytes));
  Bytes rest = as_bytes(bytes);
  while (!rest.empty()) {
    protocol::FrameHeader header;
    protocol::Failure failure;
    const auto status = protocol::decode_frame_header(rest, header, failure);
    if (status != protocol::DecodeStatus::done || header.masked) return words + " ?";
    const auto size = static_cast<std::size_t>(header.payload_length);
    const std::string_view payload = as_text(rest.first(size));
    rest = rest.subspan(size);
    switch (header.opcode) {
      case protocol::FrameOpcode::text:
        add("text");
        break;
      case protocol::FrameOpcode::binary:
        add("binary");
        break;
      case protocol::FrameOpcode::pong:
        add("pong");
        break;
      case protocol::FrameOpcode::close:
        add("close");
        if (size >= 2) {
          add(std::to_string((payload[0] & 0xFF) << 8 | (payload[1] & 0xFF)));
        }
        if (!rest.empty()) add("?");
        break;
      default:
        add("?");
    }
  }
  return words;
}

inline std::ptrdiff_t count(const Words& words, std::string_view prefix) {
  return std::ranges::count_if(words,
                               [&](const std::string& word) { return word.starts_with(prefix); });
}

// An echo server with one well-behaved client, whose round trips go on whatever others do.
class HostileTest : public OverBothWires {
 protected:
  void serve(ServerOptions options = {}) {
    options.ping_interval = Seconds{0};
    if (!on_message) {
      on_message = [](Connection& connection, std::string_view data, Opcode opcode) {
        (void)connection.send(data, opcode);
      };
    }
    if (!on_http) {
      on_http = [](Connection& connection, const HttpRequest&) {
        (void)connection.respond({200, "served", {}});
      };
    }
    start(std::move(options));
    witness_ = open();
    events.clear();
    log.clear();
  }

  void expect_witness_is_served() {
    witness_->send(text("alive"));
    EXPECT_EQ(witness_->take(), server_frame(protocol::FrameOpcode::text, "alive"));
    EXPECT_EQ(count(events, "text alive"), 1);
    std::erase(events, "text alive");
  }

  std::string take_of_witness() {
    loop->run_until_idle();
    return witness_->take();
  }

  // Nothing is left of any client but the witness.
  void expect_clean() {
    const ServerInfo info = core->info();
    EXPECT_EQ(info.connections, 1u);
    EXPECT_EQ(info.queued_bytes, 0u);
    EXPECT_EQ(core->group().gate().total(), 0u);
  }

  // Feeds the case whole, byte by byte, and cut and ended at its `places`.
  void run(const HostileCase& each) {
    SCOPED_TRACE(each.name);
    expect_witness_is_served();
    expect_answer(each, connect(), {each.input.size()});
    expect_answer_byte_by_byte(each);
    for (const std::size_t place : places(each.input.size())) {
      SCOPED_TRACE("cut at " + std::to_string(place));
      expect_answer(each, connect(), {place, each.input.size()});
      expect_end_is_told_once(each.input.substr(0, place), false);
      expect_end_is_told_once(each.input.substr(0, place), true);
      if (HasFailure()) return;
    }
    if (is_tls()) expect_cuts_of_tls_are_told_once(each.input);
    expect_witness_is_served();
    expect_clean();
  }

  void run(const HostileCases& cases) {
    for (const HostileCase& each : cases) run(each);
  }

  // Sends the case up to each of these places in turn.
  void expect_answer(const HostileCase& each, std::unique_ptr<transport::MemoryPeer> peer,
                     const std::vector<std::size_t>& ends) {
    std::size_t sent = 0;
    for (const std::size_t end : ends) {
      peer->send(std::string_view(each.input).substr(sent, end - sent));
      sent = end;
    }
    loop->run_until_idle();
    EXPECT_EQ(words_of_answer(peer->take()), each.answer);
    EXPECT_EQ(events, each.events);
    peer->finish();
    loop->run_until_idle();
    EXPECT_TRUE(peer->saw_end());
    expect_consistent();
  }

  // The bytes of the wire: over TLS those of its handshake and its records.
  void expect_answer_byte_by_byte(const HostileCase& each) {
    if (is_tls()) return expect_answer(each, connect_by({.portion = 1}), {each.input.size()});
    std::vector<std::size_t> every;
    for (std::size_t at = 1; at <= each.input.size(); ++at) every.push_back(at);
    expect_answer(each, connect(), every);
  }

  void expect_end_is_told_once(std::string_view start, bool resets) {
    auto peer = connect();
    peer->send(start);
    if (resets) {
      peer->reset();
    } else {
      peer->finish();
    }
    loop->run_until_idle();
    expect_consistent();
  }

  // In the handshake of TLS and in its records, where no close_notify says that it's meant.
  void expect_cuts_of_tls_are_told_once(std::string_view input) {
    auto whole = connect_by({});
    whole->send(input);
    whole->reset();
    loop->run_until_idle();
    expect_consistent();
    for (const std::size_t place : places(whole->bytes_on_wire())) {
      SCOPED_TRACE("cut off at " + std::to_string(place));
      for (const bool by_reset : {false, true}) {
        auto peer = connect_by({.cut_after = place, .cut_by_reset = by_reset});
        peer->send(input);
        loop->run_until_idle();
        expect_consistent();
      }
    }
  }

  // Of the one connection that has come and gone since the last call.
  void expect_consistent() {
    EXPECT_EQ(count(events, "open"), count(events, "close"));
    EXPECT_LE(count(events, "open") + count(events, "fail"), 1);
    EXPECT_EQ(count(events, "release"), events.empty() ? 0 : 1);
    EXPECT_LE(log.size(), 1u) << testing::PrintToString(log);
    EXPECT_EQ(core->info().connections, 1u);
    EXPECT_EQ(core->info().queued_bytes, 0u);
    if (!events.empty()) {
      EXPECT_EQ(events.back(), "release");
    }
    events.clear();
    log.clear();
  }

 private:
  std::unique_ptr<transport::MemoryPeer> witness_;
};

}  // namespace simws::endpoint::test
