// The beginning of what a client sends to a TLS server.
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace simws::transport {

// Collects what comes until it's clear what it is. TLS itself starts only when all of the client's
// first message is there: who opens a connection and sends little costs little.
class TlsHello {
 public:
  static constexpr std::size_t max_size = 16 * 1024;

  // plain_http: the beginning of a request, which needn't be all of its head. foreign: neither TLS
  // nor HTTP. too_large: a first message beyond `max_size`.
  enum class Kind : std::uint8_t { unknown, client_hello, plain_http, foreign, too_large };

  // To be called until the kind is known, and of plain HTTP as long as more of it is wanted.
  Kind receive(Bytes bytes);
  // All that has come; at most `max_size` of plain HTTP.
  Bytes bytes() const { return received_.bytes(); }
  std::string_view text() const { return received_.text(); }

 private:
  Kind judge();
  Kind judge_records();
  Kind take_payload(Bytes payload);

  Buffer received_;
  std::size_t next_record_ = 0;   // where its header starts
  std::size_t message_size_ = 0;  // of it, what has come
  std::array<std::byte, 4> message_header_{};
  Kind kind_ = Kind::unknown;
};

}  // namespace simws::transport
