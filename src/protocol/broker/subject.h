// What lies where on a NATS server: the subjects of a simulation's topics, and their encoding.
//
//   simws.<name>.t.<topic>.<key>          what is published
//   simws.<name>.r.<part>.<topic>.<key>   copies of what is retained, for the stream simws_<name>
//   simws.<name>.in.<edge>                what viewers of an edge publish
//
// A topic's levels are tokens, and so is the key, the last one: letters and digits of ASCII, "-"
// and
// "_" stand for themselves, other bytes are percent-encoded. The key "" is "_". A key whose token
// would be longer than 512 bytes is "%" and its SHA-1 in hexadecimal digits; who reads it finds the
// key beside the subject. Each topic and key has one subject, and each subject one of them.
#pragma once

#include <simws/result.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol {

constexpr std::size_t max_key_token_size = 512;
constexpr std::size_t max_broker_name_size = 64;

// Error: it can't be a simulation's name or, as `what` says, an edge's. These are subjects' tokens,
// and parts of the names of streams and keys.
Result<void> check_broker_name(std::string_view what, std::string_view name);

// REQUIRES of all that follow: names that check_broker_name lets pass, valid topics and keys.

// A key that no subject can hold: it's said beside it.
bool is_digested(std::string_view key);

std::string publication_subject(std::string_view name, std::string_view topic,
                                std::string_view key);
std::string retained_subject(std::string_view name, std::size_t part, std::string_view topic,
                             std::string_view key);
std::string inbound_subject(std::string_view name, std::string_view edge);

// What to subscribe to.
std::string all_publications(std::string_view name);
std::string all_retained(std::string_view name);
std::string all_inbound(std::string_view name);
std::string retained_stream(std::string_view name);

struct SubjectPlace {
  std::string topic;
  // None: a key that is digested in `digest`.
  std::optional<std::string> key;
  std::string digest = {};
};

// Of a simulation's `t` or `r` (whichever part). Nothing: no simWS writes such a subject.
std::optional<SubjectPlace> decode_subject(std::string_view name, std::string_view subject);
// The edge of an `in`.
std::optional<std::string> decode_inbound_subject(std::string_view name, std::string_view subject);

// `key` is the one that is digested so.
bool has_digest(std::string_view key, std::string_view digest);

}  // namespace simws::protocol
