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
  DecodeStatus status = DecodeStatus::need_more;
  Request request;  // with `done`
  Refusal refusal;  // with `fail`
  bool is_websocket_attempt = false;
  std::size_t taken = 0;  // bytes of the input
};

inline std::string text_of(const Outcome& outcome) {
  std::string text = std::to_string(static_cast<int>(outcome.status));
  if (outcome.status == DecodeStatus::fail) {
    return text + ' ' + std::to_string(outcome.refusal.status) + ' ' + outcome.refusal.reason +
           (outcome.is_websocket_attempt ? " attempt" : "");
  }
  const Request& request = outcome.request;
  text += '@' + std::to_string(outcome.taken) + ' ' + request.method + ' ' + request.target + ' ' +
          std::to_string(request.minor_version) + (request.keep_alive ? " keep" : " close") + '\n';
  request.headers.for_each([&](std::string_view name, std::string_view value) {
    text.append(name).append("=").append(value) += '\n';
  });
  return text + request.body;
}

inline Outcome parse_portions(const std::vector<std::string_view>& portions, RequestLimits limits) {
  RequestParser parser(limits);
  Outcome outcome;
  for (const std::string_view portion : portions) {
    if (outcome.status != DecodeStatus::need_more) break;
    Bytes input = as_bytes(portion);
    outcome.status = parser.parse(input);
    outcome.taken += portion.size() - input.size();
    EXPECT_TRUE(outcome.status != DecodeStatus::need_more || input.empty());
  }
  if (outcome.status == DecodeStatus::done) outcome.request = parser.take_request();
  if (outcome.status == DecodeStatus::fail) {
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
  if (outcome.status == DecodeStatus::need_more) return -1;
  return outcome.status == DecodeStatus::done ? 0 : outcome.refusal.status;
}

}  // namespace simws::protocol::http
