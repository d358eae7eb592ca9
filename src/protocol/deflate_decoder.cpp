#include "protocol/deflate_decoder.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace simws::protocol {

namespace {

// The end of the flush that each message goes without (RFC 7692, 7.2.1).
constexpr std::array tail{std::byte{0}, std::byte{0}, std::byte{0xFF}, std::byte{0xFF}};

constexpr Failure not_deflate{CloseCode::invalid_payload, "compressed data that can't be inflated"};
constexpr Failure message_too_big{CloseCode::message_too_big, "message over maxMessageSize"};

constexpr std::size_t least_room = 256;
constexpr std::size_t most_first_room = 16u << 10;

// Room for what comes out of `input`, which is at least one byte, and never more than one over the
// limit, which shows that it's passed. It grows by fours: what is outgrown may stay with the
// allocator, and is then a third of it in all.
MutableBytes make_room(Buffer& message, std::size_t input, std::size_t max_message_size) {
  const std::size_t most =
      max_message_size + (max_message_size < std::numeric_limits<std::size_t>::max() ? 1 : 0);
  if (message.size() == message.capacity()) {
    const std::size_t first = std::clamp(input * 8, least_room, most_first_room);
    const std::size_t grown = std::max(first, message.capacity() * 4);
    message.reserve(grown > most / 2 ? most : grown);
  }
  return message.extend(std::min(most, message.capacity()) - message.size());
}

}  // namespace

DecodeStatus DeflateDecoder::decode(Bytes portion, bool last, std::size_t max_message_size,
                                    Buffer& message, Failure& failure) {
  if (!inflater_) {
    inflater_ = peer_.takes_context_over ? std::make_unique<Inflater>(peer_.window_bits)
                                         : pool_.take_inflater();
  }
  if (!inflate(portion, max_message_size, message, failure)) return DecodeStatus::fail;
  if (!last) return DecodeStatus::need_more;
  if (!inflate(tail, max_message_size, message, failure)) return DecodeStatus::fail;
  if (!inflater_->is_at_block_end()) {
    failure = not_deflate;
    return DecodeStatus::fail;
  }
  if (!peer_.takes_context_over) pool_.give_back(std::move(inflater_));
  return DecodeStatus::done;
}

bool DeflateDecoder::inflate(Bytes input, std::size_t max_message_size, Buffer& message,
                             Failure& failure) {
  for (;;) {
    MutableBytes room = make_room(message, input.size(), max_message_size);
    const Inflater::Status status = inflater_->inflate(input, room);
    message.truncate(message.size() - room.size());
    if (message.size() > max_message_size) {
      failure = message_too_big;
      return false;
    }
    if (status == Inflater::Status::needs_input) return true;
    if (status == Inflater::Status::failed) {
      failure = not_deflate;
      return false;
    }
  }
}

void DeflateDecoder::stop_decoding() noexcept {
  if (peer_.takes_context_over) {
    inflater_.reset();
  } else {
    pool_.give_back(std::move(inflater_));
  }
}

}  // namespace simws::protocol
