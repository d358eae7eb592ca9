#include "protocol/deflate_message.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace simws::protocol {

namespace {

constexpr std::string_view tail{"\x00\x00\xFF\xFF", 4};
// What an empty block without compression is without that.
constexpr std::string_view empty_block{"\x00", 1};

// For messages up to 4 KiB: all that is looked at lies in the processor's nearest caches, and is
// soon cleared for the next one.
constexpr std::size_t most_small = 4u << 10;
constexpr int window_bits_of_small = 12;
constexpr int memory_of_small = 5;

}  // namespace

MessageDeflater::MessageDeflater(DeflatePool& pool, const DeflateSide& side,
                                 const DeflateEffort& effort)
    : pool_(pool), side_(side), effort_(effort) {}

DeflaterKind MessageDeflater::kind_for(std::size_t size) const {
  DeflaterKind kind{side_.window_bits, effort_.memory, effort_.level};
  if (side_.takes_context_over || size > most_small) return kind;
  kind.window_bits = std::min(kind.window_bits, window_bits_of_small);
  kind.memory = std::min(kind.memory, memory_of_small);
  return kind;
}

void MessageDeflater::begin(std::size_t size) {
  if (deflater_) return;
  const DeflaterKind kind = kind_for(size);
  deflater_ =
      side_.takes_context_over ? std::make_unique<Deflater>(kind) : pool_.take_deflater(kind);
}

void MessageDeflater::end_message(Bytes portion, Buffer& frame) {
  deflater_->flush(portion, frame);
  if (frame.text().ends_with(tail)) frame.truncate(frame.size() - tail.size());
  if (frame.empty()) frame.append(empty_block);
  if (!side_.takes_context_over) pool_.give_back(std::move(deflater_));
}

void MessageDeflater::forget_message() noexcept {
  if (!deflater_) return;
  if (side_.takes_context_over) {
    deflater_->reset();
  } else {
    pool_.give_back(std::move(deflater_));
  }
}

}  // namespace simws::protocol
