#include "protocol/close_payload.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::protocol {
namespace {

std::string payload_of(int code, std::string_view reason = {}) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  return payload.append(reason);
}

TEST(ClosePayload, HasACodeAndAReason) {
  const std::string payload = payload_of(1001, "going");
  ClosePayload close;
  Failure failure;
  ASSERT_EQ(decode_close_payload(as_bytes(payload), close, failure), DecodeStatus::done);
  EXPECT_EQ(close.code, CloseCode::going_away);
  EXPECT_EQ(close.reason, "going");
}

TEST(ClosePayload, MayBeEmpty) {
  ClosePayload close{CloseCode::normal, "left over"};
  Failure failure;
  ASSERT_EQ(decode_close_payload({}, close, failure), DecodeStatus::done);
  EXPECT_EQ(close.code, CloseCode::no_status_received);
  EXPECT_EQ(close.reason, "");
}

struct Refused {
  std::string payload;
  CloseCode code;
  std::string_view reason;
};

TEST(ClosePayload, IsRefusedWhenBroken) {
  const Refused cases[] = {
      {"\x03", CloseCode::protocol_error, "Close payload of one byte"},
      {payload_of(1005), CloseCode::protocol_error, "close code that must not be sent"},
      {payload_of(1005, "\xff"), CloseCode::protocol_error, "close code that must not be sent"},
      {payload_of(1000, "\xff"), CloseCode::invalid_payload, "close reason that isn't UTF-8"},
      {payload_of(1000, "cut \xc3"), CloseCode::invalid_payload, "close reason that isn't UTF-8"},
      {payload_of(1000, "\xed\xa0\x80"), CloseCode::invalid_payload,
       "close reason that isn't UTF-8"},
  };
  for (const Refused& refused : cases) {
    ClosePayload close;
    Failure failure;
    EXPECT_EQ(decode_close_payload(as_bytes(refused.payload), close, failure), DecodeStatus::fail);
    EXPECT_EQ(failure.code, refused.code);
    EXPECT_EQ(failure.reason, refused.reason);
  }
}

// RFC 6455, 7.4, and the IANA registry.
bool expected_sendable(int code) {
  switch (code) {
    case 1000:
    case 1001:
    case 1002:
    case 1003:
    case 1007:
    case 1008:
    case 1009:
    case 1010:
    case 1011:
    case 1012:
    case 1013:
    case 1014:
      return true;
    default:
      return code >= 3000 && code <= 4999;
  }
}

TEST(ClosePayload, AllowsExactlyTheCodesThatMayBeSent) {
  for (int code = 0; code <= 0xFFFF; ++code) {
    const std::string payload = payload_of(code);
    ClosePayload close;
    Failure failure;
    const DecodeStatus status = decode_close_payload(as_bytes(payload), close, failure);
    ASSERT_EQ(status == DecodeStatus::done, expected_sendable(code)) << code;
    ASSERT_EQ(is_sendable(static_cast<CloseCode>(code)), expected_sendable(code)) << code;
  }
}

TEST(ClosePayload, IsEncoded) {
  EXPECT_EQ(encode_close_payload(CloseCode::no_status_received, "unheard"), "");
  EXPECT_EQ(encode_close_payload(CloseCode::normal, ""), payload_of(1000));
  EXPECT_EQ(encode_close_payload(static_cast<CloseCode>(4001), "bye"), payload_of(4001, "bye"));
}

struct Cut {
  std::string reason;
  std::size_t size;  // what is left of it
};

TEST(ClosePayload, CutsALongReasonAtAWholeCharacter) {
  const Cut cases[] = {
      {std::string(max_close_reason, 'x'), max_close_reason},
      {std::string(max_close_reason + 1, 'x'), max_close_reason},
      {std::string(1000, 'x'), max_close_reason},
      {std::string(max_close_reason - 2, 'x') + "ää", max_close_reason},
      {std::string(max_close_reason - 1, 'x') + "ä", max_close_reason - 1},
      {std::string(max_close_reason - 1, 'x') + "世", max_close_reason - 1},
      {std::string(max_close_reason - 2, 'x') + "世", max_close_reason - 2},
      {std::string(max_close_reason - 3, 'x') + "🤖", max_close_reason - 3},
      {std::string(max_close_reason - 4, 'x') + "🤖🤖", max_close_reason},
  };
  for (const Cut& cut : cases) {
    const std::string payload = encode_close_payload(CloseCode::normal, cut.reason);
    EXPECT_EQ(payload, payload_of(1000, cut.reason.substr(0, cut.size)));
    ClosePayload close;
    Failure failure;
    EXPECT_EQ(decode_close_payload(as_bytes(payload), close, failure), DecodeStatus::done);
  }
}

}  // namespace
}  // namespace simws::protocol
