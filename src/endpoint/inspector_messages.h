// The messages that the inspector shows: a sample of what passes, bounded in messages and bytes, in
// which each that passes has about the same chance.
#pragma once

#include "base/json_text.h"
#include "endpoint/inspector_connections.h"
#include "endpoint/message_watch.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace simws::endpoint {

// Belongs to the loop's thread.
class InspectorMessages final : private MessageWatcher {
 public:
  // In a tick.
  static constexpr std::size_t most_messages = 5;
  static constexpr std::size_t most_bytes = 26u << 10;
  // Of a message.
  static constexpr std::size_t longest_payload = 4096;

  // `secrets` are hidden wherever they stand. All of them outlive it.
  InspectorMessages(const InspectorConnections& connections,
                    const std::vector<std::string>& secrets);

  MessageWatch& watch() { return watch_; }
  void turn_on(bool is_on) noexcept;
  // Ends a tick: what has been taken in it, as JSON; empty: nothing has passed.
  std::string end_tick();

 private:
  // MessageWatcher
  void on_message(const PassingMessage& message) noexcept override;

  void append(const PassingMessage& message);
  void append_payload(const PassingMessage& message, JsonText& json) const;
  std::uint64_t next_stride();

  const InspectorConnections& connections_;
  const std::vector<std::string>& secrets_;
  MessageWatch watch_{*this};
  std::string taken_;  // the messages of this tick, with commas between
  std::size_t count_ = 0;
  std::uint64_t passed_before_ = 0;
  std::uint64_t mean_stride_ = 1;  // so that a tick like the one before fills its sample
  std::uint64_t random_ = 0x9E3779B97F4A7C15;
  std::uint64_t latest_ = 0;  // number of a message
};

// The text without them: "***" stands there. Those of less than four bytes are no secrets.
std::string without(std::string_view text, const std::vector<std::string>& secrets);

}  // namespace simws::endpoint
