// What a simulation has set for its topics, as it stands beside its name at the broker: edges serve
// by it. Anybody whom the broker lets may have written it.
#pragma once

#include <simws/topics.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol {

// By topic, or pattern; what isn't given isn't set.
using TopicSettings = std::map<std::string, SubscriptionOptions, std::less<>>;

constexpr std::size_t most_topic_settings = 500;
constexpr std::size_t most_topic_settings_text = 128u << 10;  // in bytes

// A JSON object, {"pose":{"policy":"latest","rate":30}}. Nothing: they're more than that.
std::optional<std::string> topic_settings_text(const TopicSettings& settings);
// Values that can't be are left out, and so is what isn't known. Nothing: it's no JSON object, or
// more than that.
std::optional<TopicSettings> parse_topic_settings(std::string_view json);

}  // namespace simws::protocol
