// Three bytes of settings, then what a server sends to a client. The events are the same however
// it's portioned, no masked frame is among them, and what the client echoes a server understands.
#include "session_events.h"

using namespace simws;
using fuzz::check;

namespace {

// Each key differs from the one before, and none is zero.
class CountingKeys final : public protocol::MaskingKeySource {
 public:
  protocol::MaskingKey next_key() override {
    ++count_;
    return {static_cast<std::byte>(count_ | 1), static_cast<std::byte>(count_), std::byte{0x80},
            static_cast<std::byte>(count_ >> 8)};
  }

 private:
  unsigned count_ = 0;
};

struct Sent {
  protocol::FrameOpcode opcode;
  std::string payload;
};

Sent echo_of(const std::string& event) {
  const std::string kind = event.substr(0, event.find(':'));
  std::string payload = event.substr(kind.size() + 1);
  if (kind == "text") return {protocol::FrameOpcode::text, std::move(payload)};
  if (kind == "binary") return {protocol::FrameOpcode::binary, std::move(payload)};
  return {protocol::FrameOpcode::pong, payload.substr(0, protocol::max_control_payload)};
}

std::string event_of(const Sent& sent) {
  const bool is_text = sent.opcode == protocol::FrameOpcode::text;
  const bool is_pong = sent.opcode == protocol::FrameOpcode::pong;
  return (is_pong ? "pong:" : is_text ? "text:" : "binary:") + sent.payload;
}

void check_echoes(const std::vector<std::string>& events) {
  CountingKeys keys;
  const protocol::Session client(protocol::Role::client, 0, nullptr, &keys);
  Buffer wire;
  std::vector<std::string> expected;
  for (const std::string& event : events) {
    const Sent sent = echo_of(event);
    client.encode(wire, sent.opcode, true, as_bytes(sent.payload));
    expected.push_back(event_of(sent));
  }
  const fuzz::Settings server{0, 255, 255};
  check(fuzz::events_of(server, wire.bytes(), wire.size() + 1) == expected);
}

// The wire's first frame is masked, and whole in its header: nothing of it may be told.
bool starts_masked(Bytes wire) {
  return wire.size() >= 2 && (wire[1] & std::byte{0x80}) != std::byte{0};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const fuzz::Settings settings{static_cast<std::uint8_t>(data[0] | fuzz::client_role), data[1],
                                data[2]};
  const Bytes wire = fuzz::to_bytes(data + 3, size - 3);
  const auto events = fuzz::events_of_any_portions(settings, wire);
  check(!starts_masked(wire) || events.empty() || events.front().starts_with("failure:1002:"));
  check_echoes(events);
  return 0;
}
