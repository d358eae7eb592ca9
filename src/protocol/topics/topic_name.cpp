#include "protocol/topics/topic_name.h"

#include "base/utf8.h"
#include "protocol/http/syntax.h"

#include <algorithm>

namespace simws::protocol {

namespace {

Error fault(std::string_view what, std::string_view name, std::string_view why) {
  return {ErrorCode::invalid_argument, std::string("invalid ")
                                           .append(what)
                                           .append(": ")
                                           .append(http::in_quotes(name))
                                           .append(" ")
                                           .append(why)};
}

bool is_control_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

bool has_empty_level(std::string_view name) {
  return name.front() == '/' || name.back() == '/' || name.find("//") != std::string_view::npos;
}

// Without a pattern's "#".
Result<void> check_levels(std::string_view whole, std::string_view name) {
  constexpr std::string_view what = "topic";
  if (name.empty()) return fault(what, whole, "is empty");
  if (whole.size() > max_topic_size) {
    return fault(what, whole, "is longer than " + std::to_string(max_topic_size) + " bytes");
  }
  if (!is_utf8(as_bytes(whole))) return fault(what, whole, "isn't UTF-8");
  if (std::ranges::any_of(name, is_control_character)) {
    return fault(what, whole, "has control characters");
  }
  if (name.find('#') != std::string_view::npos) {
    return fault(what, whole, "has a '#': only subscriptions may end in one, behind a '/'");
  }
  if (has_empty_level(name)) {
    return fault(what, whole, "has an empty level: leave out the '/' at its begin, end, or twice");
  }
  return {};
}

}  // namespace

Result<void> check_topic(std::string_view name) {
  return check_levels(name, name);
}

Result<void> check_subscription(std::string_view name) {
  if (name == "#") return {};
  return check_levels(name, name.ends_with("/#") ? name.substr(0, name.size() - 2) : name);
}

Result<void> check_key(std::string_view key) {
  if (key.size() > max_key_size) {
    return fault("key", key, "is longer than " + std::to_string(max_key_size) + " bytes");
  }
  if (!is_utf8(as_bytes(key))) return fault("key", key, "isn't UTF-8");
  if (std::ranges::any_of(key, is_control_character)) {
    return fault("key", key, "has control characters");
  }
  return {};
}

bool is_pattern(std::string_view subscription) {
  return subscription.ends_with('#');
}

std::string_view root_of(std::string_view subscription) {
  if (!is_pattern(subscription)) return subscription;
  const std::string_view stem = stem_of(subscription);
  return stem.substr(0, stem.empty() ? 0 : stem.size() - 1);
}

std::string_view stem_of(std::string_view pattern) {
  return pattern.substr(0, pattern.size() - 1);
}

bool takes(std::string_view subscription, std::string_view topic) {
  if (!is_pattern(subscription)) return subscription == topic;
  const std::string_view stem = stem_of(subscription);
  if (topic.starts_with(stem)) return true;
  return topic == stem.substr(0, stem.size() - 1);
}

bool covers(std::string_view subscription, std::string_view other) {
  if (subscription == "#" || subscription == other) return true;
  if (other == "#") return false;
  const bool is_other_pattern = is_pattern(other);
  if (is_other_pattern && !is_pattern(subscription)) return false;
  return takes(subscription, root_of(other));
}

}  // namespace simws::protocol
