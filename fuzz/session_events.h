// A session under fuzzing, in either role: its events, however the wire's bytes come.
#pragma once

#include "base/utf8.h"
#include "check.h"
#include "protocol/deflate_decoder.h"
#include "protocol/session.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::fuzz {

using namespace simws::protocol;

// The settings' first byte.
constexpr std::uint8_t client_role = 1, with_extension = 2, discard_at_event = 4, stop_at_event = 8,
                       with_deflate = 16, in_context = 32;

struct Settings {
  std::uint8_t flags;
  std::uint8_t limit;  // max_message_size in units of 8
  std::uint8_t event;  // the one in which the handler stops or discards
  std::size_t max_message_size() const { return std::size_t{limit} * 8; }
  Role role() const { return (flags & client_role) != 0 ? Role::client : Role::server; }
};

// Each byte XORed, and twice if it's odd.
class Stutter final : public Extension {
 public:
  void begin_decoding() override { deciphered_ = 0; }

  DecodeStatus decode(Bytes portion, bool last, std::size_t max_message_size, Buffer& message,
                      Failure& failure) override {
    check(last || !portion.empty());
    for (const std::byte byte : portion) {
      const std::size_t times = 1 + std::to_integer<std::size_t>(byte & std::byte{1});
      if (times > max_message_size - message.size()) {
        failure = {CloseCode::message_too_big, "stuttered over the limit"};
        return DecodeStatus::fail;
      }
      const auto decoded = static_cast<char>(byte ^ static_cast<std::byte>(deciphered_ & 3));
      message.append(std::string(times, decoded));
      ++deciphered_;
    }
    return last ? DecodeStatus::done : DecodeStatus::need_more;
  }

 private:
  std::size_t deciphered_ = 0;
};

class Recorder final : public SessionHandler {
 public:
  Recorder(Session& session, const Settings& settings) : session_(session), settings_(settings) {}

  void on_message(Opcode opcode, Bytes message) override {
    check(opcode == Opcode::text || opcode == Opcode::binary);
    check(opcode == Opcode::binary || !find_invalid_utf8(message));
    check(message.size() <= settings_.max_message_size());
    check(!discarding_);
    check(!session_.in_message() && session_.assembly_size() == 0);
    tell(opcode == Opcode::text ? "text:" : "binary:", as_text(message));
  }
  void on_ping(Bytes payload) override { tell_control("ping:", as_text(payload)); }
  void on_pong(Bytes payload) override { tell_control("pong:", as_text(payload)); }
  void on_close(CloseCode code, std::string_view reason) override {
    check(session_.stopped() && reason.size() <= max_control_payload);
    tell("close:" + std::to_string(static_cast<int>(code)) + ":", reason);
  }
  void on_failure(const Failure& failure) override {
    check(session_.stopped() && !failure.reason.empty());
    tell("failure:" + std::to_string(static_cast<int>(failure.code)) + ":", failure.reason);
  }

  const std::vector<std::string>& events() const { return events_; }

 private:
  void tell_control(std::string kind, std::string_view payload) {
    check(payload.size() <= max_control_payload && !session_.stopped());
    tell(std::move(kind), payload);
  }

  void tell(std::string kind, std::string_view payload) {
    check(!ended_);
    ended_ = session_.stopped();
    if (events_.size() == settings_.event) act();
    events_.push_back(kind.append(payload));  // the payload is still there after stop and discard
  }

  void act() {
    if ((settings_.flags & discard_at_event) != 0) {
      session_.discard_messages();
      discarding_ = true;
    }
    if ((settings_.flags & stop_at_event) != 0) {
      session_.stop();
      ended_ = true;
    }
  }

  Session& session_;
  const Settings& settings_;
  std::vector<std::string> events_;
  bool ended_ = false;
  bool discarding_ = false;
};

inline std::unique_ptr<Extension> extension_of(const Settings& settings, DeflatePool& pool) {
  if ((settings.flags & with_deflate) != 0) {
    const DeflateSide peer{(settings.flags & in_context) != 0, max_window_bits};
    return std::make_unique<DeflateDecoder>(pool, peer);
  }
  if ((settings.flags & with_extension) != 0) return std::make_unique<Stutter>();
  return nullptr;
}

inline std::vector<std::string> events_of(const Settings& settings, Bytes wire,
                                          std::size_t portion_size) {
  DeflatePool pool;
  Session session(settings.role(), settings.max_message_size(), extension_of(settings, pool));
  Recorder recorder(session, settings);
  while (!wire.empty()) {
    std::vector<std::byte> portion(
        wire.begin(),
        wire.begin() + static_cast<std::ptrdiff_t>(std::min(portion_size, wire.size())));
    wire = wire.subspan(portion.size());
    session.receive(portion, recorder);
    check(session.assembly_size() <= settings.max_message_size());
    check(session.in_message() || session.assembly_size() == 0);
    check(!session.stopped() || !session.in_message());
  }
  return recorder.events();
}

// The events of the bytes, which are the same however they are portioned.
inline std::vector<std::string> events_of_any_portions(const Settings& settings, Bytes wire) {
  auto whole = events_of(settings, wire, wire.size() + 1);
  check(events_of(settings, wire, 1) == whole);
  check(events_of(settings, wire, std::size_t{settings.event} + 2) == whole);
  return whole;
}

}  // namespace simws::fuzz
