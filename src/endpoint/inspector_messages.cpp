#include "endpoint/inspector_messages.h"

#include "base/base64.h"
#include "base/clock.h"
#include "base/cut_text.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace simws::endpoint {

namespace {

// What `Opcode` is called, with a fragment's own.
std::string_view name_of(Opcode opcode) {
  if (opcode == Opcode::continuation) return "continuation";
  return opcode == Opcode::text ? "text" : "binary";
}

constexpr std::uint64_t until_next_tick = std::numeric_limits<std::int64_t>::max();

}  // namespace

std::string without(std::string_view text, const std::vector<std::string>& secrets) {
  constexpr std::string_view mask = "***";
  constexpr std::size_t shortest = 4;
  std::string shown(text);
  for (const std::string& secret : secrets) {
    if (secret.size() < shortest) continue;
    for (auto at = shown.find(secret); at != shown.npos; at = shown.find(secret, at)) {
      shown.replace(at, secret.size(), mask);
      at += mask.size();
    }
  }
  return shown;
}

InspectorMessages::InspectorMessages(const InspectorConnections& connections,
                                     const std::vector<std::string>& secrets)
    : connections_(connections), secrets_(secrets) {}

void InspectorMessages::turn_on(bool is_on) noexcept {
  if (is_on == watch_.is_on()) return;
  mean_stride_ = 1;
  watch_.look_at(is_on ? 1 : 0);
}

void InspectorMessages::on_message(const PassingMessage& message) noexcept {
  try {
    append(message);
    ++count_;
  } catch (...) {
    // It's one of those that aren't shown.
  }
  const bool is_full = count_ >= most_messages || taken_.size() >= most_bytes;
  watch_.look_at(is_full ? until_next_tick : next_stride());
}

// Evenly from 1 to twice the mean, so that no rhythm of the messages hides some of them.
std::uint64_t InspectorMessages::next_stride() {
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  return 1 + random_ % (2 * mean_stride_ - 1);
}

std::string InspectorMessages::end_tick() {
  const std::uint64_t passed = watch_.passed() - std::exchange(passed_before_, watch_.passed());
  mean_stride_ = std::max<std::uint64_t>(1, passed / most_messages);
  if (watch_.is_on()) watch_.look_at(next_stride());
  const std::string messages = std::exchange(taken_, {});
  count_ = 0;
  if (passed == 0) return {};
  return "{\"passed\":" + std::to_string(passed) + ",\"messages\":[" + messages + "]}";
}

void InspectorMessages::append(const PassingMessage& message) {
  JsonText json;
  json.begin_object()
      .member("number", ++latest_)
      .member("time", unix_milliseconds())
      .member("connection", connections_.number_of(message.channel))
      .member("in", message.is_in)
      .member("opcode", name_of(message.opcode))
      .member("size", message.payload.size());
  if (!message.topic.empty()) json.member("topic", message.topic);
  if (!message.key.empty()) json.member("key", message.key);
  append_payload(message, json);
  json.end_object();
  if (count_ > 0) taken_ += ',';
  taken_ += json.get();
}

// What begins before the cut and ends behind it is hidden too.
void InspectorMessages::append_payload(const PassingMessage& message, JsonText& json) const {
  constexpr std::size_t longest_secret = 1024;
  const std::string_view payload = as_text(message.payload);
  const std::string shown = without(payload.substr(0, longest_payload + longest_secret), secrets_);
  const std::string_view cut = cut_text(shown, longest_payload);
  json.member("cut", payload.size() > longest_payload);
  if (message.opcode == Opcode::text) {
    json.member("text", cut);
  } else {
    json.member("bytes",
                base64_encode(as_bytes(shown).first(std::min(shown.size(), longest_payload))));
  }
}

}  // namespace simws::endpoint
