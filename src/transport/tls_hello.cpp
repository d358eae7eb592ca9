#include "transport/tls_hello.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace simws::transport {

namespace {

// RFC 8446, 5.1 and 4.
constexpr std::size_t record_header_size = 5;
constexpr std::size_t largest_plain_record = 16 * 1024;
// All records of a message that's just not too large, cut reasonably.
constexpr std::size_t most_bytes = TlsHello::max_size + 64 * record_header_size;
constexpr std::byte handshake_record{22};
constexpr std::byte client_hello_message{1};

constexpr std::string_view methods[] = {"GET ",     "HEAD ",  "POST ",  "PUT ",    "DELETE ",
                                        "OPTIONS ", "TRACE ", "PATCH ", "CONNECT "};

std::size_t number(Bytes bytes) {
  std::size_t value = 0;
  for (const std::byte byte : bytes) value = value << 8 | std::to_integer<std::size_t>(byte);
  return value;
}

TlsHello::Kind kind_of_text(std::string_view text) {
  bool may_follow = false;
  for (const std::string_view method : methods) {
    if (text.starts_with(method)) return TlsHello::Kind::plain_http;
    may_follow = may_follow || method.starts_with(text);
  }
  return may_follow ? TlsHello::Kind::unknown : TlsHello::Kind::foreign;
}

}  // namespace

TlsHello::Kind TlsHello::receive(Bytes bytes) {
  if (kind_ == Kind::plain_http) {
    received_.append(bytes.first(std::min(bytes.size(), max_size - received_.size())));
    return kind_;
  }
  // What comes after the message may be more than one may be long.
  received_.append(bytes);
  kind_ = judge();
  if (kind_ == Kind::plain_http) received_.truncate(std::min(received_.size(), max_size));
  return kind_;
}

TlsHello::Kind TlsHello::judge() {
  if (received_.empty()) return Kind::unknown;
  if (received_.bytes().front() != handshake_record) return kind_of_text(received_.text());
  return judge_records();
}

// The message may be spread over several records.
TlsHello::Kind TlsHello::judge_records() {
  while (received_.size() >= next_record_ + record_header_size) {
    const Bytes rest = std::as_const(received_).bytes().subspan(next_record_);
    const std::size_t size = number(rest.subspan(3, 2));
    const bool is_handshake = rest[0] == handshake_record && rest[1] == std::byte{3};
    if (!is_handshake || size == 0 || size > largest_plain_record) return Kind::foreign;
    if (rest.size() < record_header_size + size) break;
    next_record_ += record_header_size + size;
    if (next_record_ > most_bytes) return Kind::too_large;
    const Kind kind = take_payload(rest.subspan(record_header_size, size));
    if (kind != Kind::unknown) return kind;
  }
  return received_.size() > most_bytes ? Kind::too_large : Kind::unknown;
}

TlsHello::Kind TlsHello::take_payload(Bytes payload) {
  for (std::size_t i = 0; i < payload.size() && message_size_ + i < message_header_.size(); ++i) {
    message_header_[message_size_ + i] = payload[i];
  }
  message_size_ += payload.size();
  if (message_header_[0] != client_hello_message) return Kind::foreign;
  if (message_size_ < message_header_.size()) return Kind::unknown;
  const std::size_t announced = message_header_.size() + number(Bytes(message_header_).subspan(1));
  if (announced > max_size) return Kind::too_large;
  return message_size_ >= announced ? Kind::client_hello : Kind::unknown;
}

}  // namespace simws::transport
