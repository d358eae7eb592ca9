// Offers and answers of permessage-deflate (RFC 7692, 7.1).
#include "protocol/deflate_parameters.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::protocol {
namespace {

constexpr DeflateWishes generous{true, true, 15, 15};

// The server's answer; "": it declines.
std::string answer(std::string_view offers, const DeflateWishes& wishes = generous) {
  const auto parsed = parse_extension_offers(offers);
  EXPECT_TRUE(parsed) << offers;
  const auto accepted = accept_deflate(*parsed, wishes);
  return accepted ? accepted->response : "";
}

struct Case {
  const char* offers;
  const char* answer;
};

TEST(DeflateParameters, AreAnsweredExactly) {
  const Case cases[] = {
      {"permessage-deflate", "permessage-deflate"},
      {"permessage-deflate; server_no_context_takeover",
       "permessage-deflate; server_no_context_takeover"},
      {"permessage-deflate; client_no_context_takeover",
       "permessage-deflate; client_no_context_takeover"},
      {"permessage-deflate; server_max_window_bits=10",
       "permessage-deflate; server_max_window_bits=10"},
      {"permessage-deflate; server_max_window_bits=\"10\"",
       "permessage-deflate; server_max_window_bits=10"},
      {"permessage-deflate; client_max_window_bits", "permessage-deflate"},
      {"permessage-deflate; client_max_window_bits=9",
       "permessage-deflate; client_max_window_bits=9"},
      {"permessage-deflate; client_max_window_bits=8",
       "permessage-deflate; client_max_window_bits=8"},
      {"permessage-deflate; client_max_window_bits; server_no_context_takeover; "
       "server_max_window_bits=15; client_no_context_takeover",
       "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
       "server_max_window_bits=15"},
      {"x-webkit-deflate-frame, permessage-deflate", "permessage-deflate"},
  };
  for (const auto& [offers, expected] : cases) EXPECT_EQ(answer(offers), expected) << offers;
}

TEST(DeflateParameters, WhatCantBeMetIsDeclined) {
  for (const char* offers : {
           "permessage-bzip2",
           "permessage-deflate; unknown",
           "permessage-deflate; server_no_context_takeover=1",
           "permessage-deflate; client_no_context_takeover=true",
           "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
           "permessage-deflate; server_max_window_bits",
           "permessage-deflate; server_max_window_bits=8",
           "permessage-deflate; server_max_window_bits=7",
           "permessage-deflate; server_max_window_bits=16",
           "permessage-deflate; server_max_window_bits=010",
           "permessage-deflate; server_max_window_bits=1x",
           "permessage-deflate; client_max_window_bits=16",
           "permessage-deflate; client_max_window_bits=10; client_max_window_bits=10",
           "Permessage-Deflate",
       }) {
    EXPECT_EQ(answer(offers), "") << offers;
  }
}

TEST(DeflateParameters, TheNextOfferIsTriedThen) {
  EXPECT_EQ(answer("permessage-deflate; server_max_window_bits=8, permessage-deflate; unknown, "
                   "permessage-deflate; server_max_window_bits=12, permessage-deflate"),
            "permessage-deflate; server_max_window_bits=12");
}

TEST(DeflateParameters, TheServersOwnWishesCount) {
  EXPECT_EQ(answer("permessage-deflate", {}),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
  EXPECT_EQ(answer("permessage-deflate", {true, true, 11, 10}),
            "permessage-deflate; server_max_window_bits=11")
      << "it may not limit the window of a client that didn't say it can";
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits", {true, true, 11, 10}),
            "permessage-deflate; server_max_window_bits=11; client_max_window_bits=10");
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits=9; server_max_window_bits=13",
                   {true, true, 14, 10}),
            "permessage-deflate; server_max_window_bits=13; client_max_window_bits=9");
}

TEST(DeflateParameters, AClientOffersWhatItWants) {
  EXPECT_EQ(offer_deflate(generous), "permessage-deflate; client_max_window_bits");
  EXPECT_EQ(offer_deflate({false, false, 12, 11}),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
            "server_max_window_bits=12; client_max_window_bits=11");
}

// What a client makes of an answer: "server bits, client bits, contexts", or why not.
std::string judged(std::string_view text, const DeflateWishes& wishes = generous) {
  const auto outcome = judge_deflate(parse_extension_offers(text)->front(), wishes);
  if (const auto* why = std::get_if<std::string>(&outcome)) return *why;
  const auto& agreed = std::get<DeflateParameters>(outcome);
  return std::to_string(agreed.server_window_bits) + " " +
         std::to_string(agreed.client_window_bits) +
         (agreed.server_context_takeover ? " server" : "") +
         (agreed.client_context_takeover ? " client" : "");
}

TEST(DeflateParameters, AClientTakesWhatAnswersItsOffer) {
  EXPECT_EQ(judged("permessage-deflate"), "15 15 server client");
  EXPECT_EQ(judged("permessage-deflate; server_no_context_takeover; client_no_context_takeover"),
            "15 15");
  EXPECT_EQ(judged("permessage-deflate; server_max_window_bits=9; client_max_window_bits=8"),
            "9 8 server client");
  EXPECT_EQ(judged("permessage-deflate; server_no_context_takeover; server_max_window_bits=10",
                   {false, false, 12, 11}),
            "10 11");
}

TEST(DeflateParameters, AClientTakesNothingElse) {
  const std::string wrong = "a parameter is unknown, comes twice or has a wrong value";
  EXPECT_EQ(judged("permessage-deflate; unknown"), wrong);
  EXPECT_EQ(judged("permessage-deflate; server_max_window_bits=7"), wrong);
  EXPECT_EQ(judged("permessage-deflate; client_max_window_bits"),
            "client_max_window_bits has no value");
  EXPECT_EQ(judged("permessage-deflate", {false, true, 15, 15}),
            "server_no_context_takeover was asked for and isn't granted");
  EXPECT_EQ(judged("permessage-deflate", {true, true, 12, 15}),
            "server_max_window_bits is more than was asked for");
  EXPECT_EQ(judged("permessage-deflate; client_max_window_bits=12", {true, true, 15, 11}),
            "client_max_window_bits is more than was offered");
}

// A client of ours and a server of ours come to the same, whatever each wants.
TEST(DeflateParameters, BothSidesAgree) {
  for (const bool takeover : {false, true}) {
    for (int client_bits = 9; client_bits <= 15; ++client_bits) {
      for (int server_bits = 9; server_bits <= 15; ++server_bits) {
        const DeflateWishes client{takeover, true, server_bits, client_bits};
        const DeflateWishes server{true, takeover, 12, 13};
        const auto offers = parse_extension_offers(offer_deflate(client));
        const auto accepted = accept_deflate(*offers, server);
        ASSERT_TRUE(accepted);
        const auto outcome =
            judge_deflate(parse_extension_offers(accepted->response)->front(), client);
        ASSERT_TRUE(std::holds_alternative<DeflateParameters>(outcome))
            << std::get<std::string>(outcome);
        EXPECT_EQ(std::get<DeflateParameters>(outcome), accepted->parameters);
      }
    }
  }
}

}  // namespace
}  // namespace simws::protocol
