// Names of topics and of subscriptions to them: levels separated by "/". A subscription to "a/#"
// takes "a" and all below it, "#" takes all.
#pragma once

#include <simws/result.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace simws::protocol {

constexpr std::size_t max_topic_size = 255;  // in bytes
constexpr std::size_t max_key_size = 1024;   // in bytes

// Error: it's no name of a topic; or of a subscription, which may end in "#".
Result<void> check_topic(std::string_view name);
Result<void> check_subscription(std::string_view name);
Result<void> check_key(std::string_view key);

// REQUIRES of all of these: the names are valid.

// It ends in "#".
bool is_pattern(std::string_view subscription);
// A subscription, to a topic or a pattern, takes what is published to `topic`.
bool takes(std::string_view subscription, std::string_view topic);
// A subscription takes all that another one does.
bool covers(std::string_view subscription, std::string_view other);
// What all names that a pattern takes begin with, but for the first, which is that without its "/".
std::string_view stem_of(std::string_view pattern);
// Of a pattern the first name that it takes, which is "" of "#"; of a topic itself.
std::string_view root_of(std::string_view subscription);

// The patterns that take a topic, the most specific first: of "a/b" these are "a/b/#", "a/#", "#".
template <typename Visitor>  // void(const std::string& pattern)
void for_each_pattern(std::string_view topic, Visitor&& visit) {
  std::string pattern;
  while (!topic.empty()) {
    pattern.assign(topic).append("/#");
    visit(pattern);
    const std::size_t level = topic.rfind('/');
    topic = topic.substr(0, level == std::string_view::npos ? 0 : level);
  }
  visit(pattern.assign("#"));
}

}  // namespace simws::protocol
