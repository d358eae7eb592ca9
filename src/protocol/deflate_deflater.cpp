#include "protocol/deflate_deflater.h"

#include "protocol/deflate_zlib.h"

#include <algorithm>

namespace simws::protocol {

namespace {

// zlib repeats the end of a flush where there's hardly any, and counts in 32 bits.
constexpr std::size_t least_room = 64;
constexpr std::size_t most_room = 1u << 20;

}  // namespace

Deflater::Deflater(const DeflaterKind& kind)
    : kind_(kind), stream_(std::make_unique<z_stream>(zlib::new_stream())) {
  if (deflateInit2(stream_.get(), kind.level, Z_DEFLATED, -kind.window_bits, kind.memory,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
}

Deflater::~Deflater() {
  deflateEnd(stream_.get());
}

void Deflater::reset() {
  deflateReset(stream_.get());
}

// REQUIRES: `input` is less than 4 GiB.
void Deflater::run(Bytes input, bool flush, Buffer& out) {
  stream_->next_in = zlib::readable(input.data());
  stream_->avail_in = static_cast<uInt>(input.size());
  do {
    const std::size_t free = out.capacity() - out.size();
    const MutableBytes room = out.extend(std::clamp(free, least_room, most_room));
    stream_->next_out = zlib::writable(room.data());
    stream_->avail_out = static_cast<uInt>(room.size());
    ::deflate(stream_.get(), flush ? Z_SYNC_FLUSH : Z_NO_FLUSH);
    out.truncate(out.size() - stream_->avail_out);
  } while (stream_->avail_out == 0);
}

}  // namespace simws::protocol
