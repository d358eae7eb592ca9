// For tests: what a RequestParser makes of bytes, however they are cut.
#pragma once

#include "protocol/http/request.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol::http {

struct Outcome {
  ParseStatus status = ParseStatus::need_more;
  RequestHead head;  // these with `done`
  int minor_version = 1;
  bool keep_alive = true;
  std::string body;
  Refusal refusal;  // with `fail`
  bool is_websocket_attempt = false;
  std::size_t taken = 0;  // bytes of the input
};

inline std::string text_of(const Outcome& outcome) {
  std::string text = outcome.status == ParseStatus::done ? "done" : "not done";
  if (outcome.status == ParseStatus::fail) {
    return "refused " + std::to_string(outcome.refusal.status) + ' ' + outcome.refusal.reason +
           (outcome.is_websocket_attempt ? " attempt" : "");
  }
  text += '@' + std::to_string(outcome.taken) + ' ';
  text.append(outcome.head.method()).append(" ").append(outcome.head.resource()) += ' ';
  text += std::to_string(outcome.minor_version) + (outcome.keep_alive ? " keep" : " close") + '\n';
  outcome.head.for_each([&](std::string_view name, std::string_view value) {
    text.append(name).append("=").append(value) += '\n';
  });
  return text + outcome.body;
}

// Takes a portion. The head is told once, before anything of a body is taken.
inline ParseStatus parse_portion(RequestParser& parser, Bytes& input) {
  const bool had_head = parser.has_head();
  const ParseStatus status = parser.parse(input);
  if (status != ParseStatus::head) return status;
  EXPECT_FALSE(had_head);
  EXPECT_TRUE(parser.has_head());
  EXPECT_FALSE(parser.head().method().empty());
  EXPECT_EQ(parser.body_size(), 0u);
  const ParseStatus after_head = parser.parse(input);
  EXPECT_NE(after_head, ParseStatus::head);
  return after_head;
}

inline Outcome parse_portions(const std::vector<std::string_view>& portions, RequestLimits limits) {
  RequestParser parser(limits);
  Outcome outcome;
  for (const std::string_view portion : portions) {
    if (outcome.status != ParseStatus::need_more) break;
    Bytes input = as_bytes(portion);
    outcome.status = parse_portion(parser, input);
    outcome.taken += portion.size() - input.size();
    EXPECT_TRUE(outcome.status != ParseStatus::need_more || input.empty());
  }
  if (outcome.status == ParseStatus::done) {
    outcome.body = parser.take_body();
    outcome.head = parser.head();
    outcome.minor_version = parser.minor_version();
    outcome.keep_alive = parser.keep_alive();
  }
  if (outcome.status == ParseStatus::fail) {
    outcome.refusal = parser.refusal();
    outcome.is_websocket_attempt = parser.is_websocket_attempt();
  }
  return outcome;
}

// The outcome for the whole input; byte by byte and split at every place (at 64 places of an input
// over 4 KiB) it must be the same.
inline Outcome parse_every_way(std::string_view input, RequestLimits limits = {}) {
  const Outcome whole = parse_portions({input}, limits);
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < input.size(); ++i) bytes.push_back(input.substr(i, 1));
  EXPECT_EQ(text_of(parse_portions(bytes, limits)), text_of(whole)) << "byte by byte";
  const std::size_t step = input.size() > 4096 ? input.size() / 64 : 1;
  for (std::size_t at = 1; at < input.size(); at += step) {
    const Outcome split = parse_portions({input.substr(0, at), input.substr(at)}, limits);
    EXPECT_EQ(text_of(split), text_of(whole)) << "split at " << at;
    if (testing::Test::HasFailure()) break;
  }
  return whole;
}

// The status a request is refused with; 0: it's complete; -1: more is needed.
inline int status_of(const Outcome& outcome) {
  if (outcome.status == ParseStatus::need_more) return -1;
  return outcome.status == ParseStatus::done ? 0 : outcome.refusal.status;
}

}  // namespace simws::protocol::http
