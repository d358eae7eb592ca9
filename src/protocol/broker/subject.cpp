#include "protocol/broker/subject.h"

#include "base/hex_digits.h"
#include "base/query.h"
#include "base/sha1.h"
#include "protocol/http/syntax.h"
#include "protocol/topics/topic_name.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

namespace simws::protocol {

namespace {

constexpr std::string_view lower_digits = "0123456789abcdef";
constexpr std::size_t digest_size = 40;

constexpr bool is_plain(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

std::string encode_all(std::string_view text) {
  return percent_encode(text, [](char) { return false; });
}

std::string encode(std::string_view text) {
  return percent_encode(text, is_plain);
}

bool looks_digested(std::string_view token) {
  return token.size() == digest_size + 1 && token.front() == '%' &&
         token.find_first_not_of(lower_digits, 1) == std::string_view::npos;
}

// As it would be without a limit.
std::string encode_key(std::string_view key) {
  if (key.empty()) return "_";
  if (key == "_") return encode_all(key);
  std::string token = encode(key);
  return looks_digested(token) ? encode_all(key) : token;
}

std::string digest_of(std::string_view key) {
  return hex_digits(sha1(as_bytes(key)));
}

std::string key_token(std::string_view key) {
  std::string token = encode_key(key);
  return token.size() <= max_key_token_size ? token : "%" + digest_of(key);
}

std::string encode_topic(std::string_view topic) {
  std::string tokens = percent_encode(topic, [](char c) { return is_plain(c) || c == '/'; });
  std::ranges::replace(tokens, '/', '.');
  return tokens;
}

std::optional<std::string> decode_topic(std::string_view tokens) {
  std::string levels(tokens);
  std::ranges::replace(levels, '.', '/');
  auto topic = percent_decoded(levels);
  if (!topic || !check_topic(*topic) || encode_topic(*topic) != tokens) return std::nullopt;
  return topic;
}

std::optional<SubjectPlace> decode_place(std::string_view topic_tokens, std::string_view token) {
  auto topic = decode_topic(topic_tokens);
  if (!topic) return std::nullopt;
  if (looks_digested(token)) {
    return SubjectPlace{std::move(*topic), std::nullopt, std::string(token.substr(1))};
  }
  auto key = token == "_" ? std::optional<std::string>("") : percent_decoded(token);
  if (!key || !check_key(*key) || key_token(*key) != token) return std::nullopt;
  return SubjectPlace{std::move(*topic), std::move(*key)};
}

bool skip(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

bool skip_name(std::string_view& subject, std::string_view name) {
  return skip(subject, "simws.") && skip(subject, name) && skip(subject, ".");
}

// A part's number as it's written, and the dot behind it.
bool skip_part(std::string_view& subject) {
  std::uint32_t part = 0;
  const auto [end, fault] = std::from_chars(subject.data(), subject.data() + subject.size(), part);
  if (fault != std::errc()) return false;
  return skip(subject, std::to_string(part) + ".");
}

std::string in_name(std::string_view name, std::string_view rest) {
  return std::string("simws.").append(name).append(".").append(rest);
}

std::string place(std::string_view topic, std::string_view key) {
  return encode_topic(topic) + "." + key_token(key);
}

}  // namespace

Result<void> check_broker_name(std::string_view what, std::string_view name) {
  if (!name.empty() && name.size() <= max_broker_name_size && std::ranges::all_of(name, is_plain)) {
    return {};
  }
  return Error{ErrorCode::invalid_argument,
               std::string("invalid ")
                   .append(what)
                   .append(": ")
                   .append(http::in_quotes(name))
                   .append(" isn't 1 to 64 of the characters A-Z, a-z, 0-9, '_' and '-'")};
}

bool is_digested(std::string_view key) {
  return encode_key(key).size() > max_key_token_size;
}

std::string publication_subject(std::string_view name, std::string_view topic,
                                std::string_view key) {
  return in_name(name, "t.") + place(topic, key);
}

std::string retained_subject(std::string_view name, std::size_t part, std::string_view topic,
                             std::string_view key) {
  return in_name(name, "r.") + std::to_string(part) + "." + place(topic, key);
}

std::string inbound_subject(std::string_view name, std::string_view edge) {
  return in_name(name, "in.").append(edge);
}

std::string all_publications(std::string_view name) {
  return in_name(name, "t.>");
}

std::string all_retained(std::string_view name) {
  return in_name(name, "r.>");
}

std::string all_inbound(std::string_view name) {
  return in_name(name, "in.*");
}

std::string retained_stream(std::string_view name) {
  return std::string("simws_").append(name);
}

std::optional<SubjectPlace> decode_subject(std::string_view name, std::string_view subject) {
  if (!skip_name(subject, name)) return std::nullopt;
  if (skip(subject, "r.")) {
    if (!skip_part(subject)) return std::nullopt;
  } else if (!skip(subject, "t.")) {
    return std::nullopt;
  }
  const std::size_t last = subject.rfind('.');
  if (last == std::string_view::npos) return std::nullopt;
  return decode_place(subject.substr(0, last), subject.substr(last + 1));
}

std::optional<std::string> decode_inbound_subject(std::string_view name, std::string_view subject) {
  if (!skip_name(subject, name) || !skip(subject, "in.")) return std::nullopt;
  if (!check_broker_name("edge", subject)) return std::nullopt;
  return std::string(subject);
}

bool has_digest(std::string_view key, std::string_view digest) {
  return is_digested(key) && digest_of(key) == digest;
}

}  // namespace simws::protocol
