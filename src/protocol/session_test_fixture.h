// What the session's tests share: frames as a peer sends them, and the session's events as words.
#pragma once

#include "protocol/session.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol::test {

using Events = std::vector<std::string>;

class Recorder final : public SessionHandler {
 public:
  void on_message(Opcode opcode, Bytes message) override {
    tell((opcode == Opcode::text ? "text:" : "binary:") + std::string(as_text(message)));
  }
  void on_ping(Bytes payload) override { tell("ping:" + std::string(as_text(payload))); }
  void on_pong(Bytes payload) override { tell("pong:" + std::string(as_text(payload))); }
  void on_close(CloseCode code, std::string_view reason) override {
    tell("close:" + number(code) + ":" + std::string(reason));
  }
  void on_failure(const Failure& failure) override {
    tell("failure:" + number(failure.code) + ":" + std::string(failure.reason));
  }

  Events events;
  std::function<void(const std::string& event)> also;  // called with each event

 private:
  static std::string number(CloseCode code) { return std::to_string(static_cast<int>(code)); }

  void tell(std::string event) {
    events.push_back(std::move(event));
    if (also) also(events.back());
  }
};

constexpr MaskingKey fixture_key{std::byte{0x5A}, std::byte{0x01}, std::byte{0xFF},
                                 std::byte{0x80}};

// A header as a client sends it; the payload doesn't follow.
inline std::string client_header(FrameHeader header) {
  header.masked = true;
  header.masking_key = fixture_key;
  std::array<std::byte, max_frame_header_size> bytes;
  return std::string(as_text(Bytes(bytes).first(encode_frame_header(header, bytes))));
}

// A frame as a client sends it.
inline std::string client_frame(FrameHeader header, std::string payload) {
  header.payload_length = payload.size();
  apply_mask(as_mutable_bytes(payload), fixture_key, 0);
  return client_header(header) + payload;
}

inline std::string client_frame(FrameOpcode opcode, std::string payload, bool fin = true) {
  return client_frame({.fin = fin, .opcode = opcode}, std::move(payload));
}

// How the wire's bytes come: up to `first` at once, then in portions of `size`.
struct Chop {
  std::size_t first = 0;
  std::size_t size = std::numeric_limits<std::size_t>::max();
};

inline void receive(Session& session, std::string wire, SessionHandler& handler, Chop chop = {}) {
  MutableBytes rest = as_mutable_bytes(wire);
  std::size_t size = chop.first == 0 ? chop.size : chop.first;
  while (!rest.empty()) {
    const std::size_t taken = std::min(size, rest.size());
    session.receive(rest.first(taken), handler);
    rest = rest.subspan(taken);
    size = chop.size;
  }
}

struct Settings {
  Role role = Role::server;
  std::size_t max_message_size = 1 << 20;
  std::function<std::unique_ptr<Extension>()> extension = [] { return nullptr; };
};

inline Events events_chopped(const std::string& wire, const Settings& settings, Chop chop) {
  Session session(settings.role, settings.max_message_size, settings.extension());
  Recorder recorder;
  receive(session, wire, recorder, chop);
  return recorder.events;
}

// The events of the bytes, which are the same however they come.
inline Events events_of(const std::string& wire, const Settings& settings = {}) {
  const Events whole = events_chopped(wire, settings, {});
  for (const std::size_t size : {1U, 2U, 3U, 7U, 13U}) {
    EXPECT_EQ(events_chopped(wire, settings, {.size = size}), whole) << "in portions of " << size;
  }
  const std::size_t step = wire.size() > 4096 ? wire.size() / 64 : 1;
  for (std::size_t place = 1; place < wire.size(); place += step) {
    EXPECT_EQ(events_chopped(wire, settings, {.first = place}), whole) << "split at " << place;
  }
  return whole;
}

}  // namespace simws::protocol::test
