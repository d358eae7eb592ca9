// For tests: what the reader of an answer makes of bytes, however they are cut.
#pragma once

#include "base/bytes.h"
#include "protocol/attempt.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace simws::protocol::test {

inline std::string text_of(const AttemptFailure& failure) {
  constexpr std::string_view kinds[] = {"network", "timeout",  "certificate",
                                        "answer",  "redirect", "status"};
  std::string text(kinds[static_cast<std::size_t>(failure.kind)]);
  if (failure.status != 0) text += ' ' + std::to_string(failure.status);
  text += ": " + failure.reason;
  if (!failure.retry_after.empty()) text += " [" + failure.retry_after + ']';
  return text;
}

template <typename Outcome>
struct ReadResult {
  Outcome outcome;
  std::string rest;                      // what the reader left of the input
  std::optional<AttemptFailure> so_far;  // without an outcome
};

template <typename Reader>
auto read_portions(Reader&& reader, const std::vector<std::string_view>& portions) {
  using Outcome = decltype(reader.receive(std::declval<Bytes&>()));
  ReadResult<Outcome> result;
  for (const std::string_view portion : portions) {
    Bytes input = as_bytes(portion);
    if (result.outcome.index() == 0) result.outcome = reader.receive(input);
    EXPECT_TRUE(result.outcome.index() != 0 || input.empty()) << "while it needs more it takes all";
    result.rest += as_text(input);
  }
  if (result.outcome.index() == 0) result.so_far = reader.failure_so_far();
  return result;
}

// `make` makes a reader, `text_of_result` compares. The result for the whole input; byte by byte
// and split at every place (at 64 of an input over 4 KiB) it must be the same.
template <typename Make, typename Text>
auto read_every_way(std::string_view input, Make make, Text text_of_result) {
  auto whole = read_portions(make(), {input});
  const std::string expected = text_of_result(whole);
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < input.size(); ++i) bytes.push_back(input.substr(i, 1));
  EXPECT_EQ(text_of_result(read_portions(make(), bytes)), expected) << "byte by byte";
  const std::size_t step = input.size() > 4096 ? input.size() / 64 : 1;
  for (std::size_t at = 1; at < input.size(); at += step) {
    EXPECT_EQ(text_of_result(read_portions(make(), {input.substr(0, at), input.substr(at)})),
              expected)
        << "split at " << at;
    if (testing::Test::HasFailure()) break;
  }
  return whole;
}

}  // namespace simws::protocol::test
