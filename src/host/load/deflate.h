// permessage-deflate as a client has it, by zlib.
#pragma once

#include "host/load/message_reader.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace simws::load {

// RFC 7692, 7.2.1, without a context, with a window of 9 to 15 bits.
std::string deflate(std::string_view message, int window_bits = 15);

// RFC 7692, 7.2.2.
class Inflating {
 public:
  // `keeps_context`: messages may refer to those before. `most`: bytes of one.
  explicit Inflating(bool keeps_context, std::size_t most = MessageReader::longest);
  ~Inflating();

  // False: it's no such message, or a longer one.
  bool inflate(std::string_view compressed, std::string& message);

 private:
  const bool keeps_context_;
  const std::size_t most_;
  const std::unique_ptr<z_stream_s> stream_;
};

}  // namespace simws::load
