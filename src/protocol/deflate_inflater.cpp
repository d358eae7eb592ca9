#include "protocol/deflate_inflater.h"

#include "protocol/deflate_zlib.h"

#include <algorithm>
#include <limits>

namespace simws::protocol {

namespace {

// Of z_stream::data_type, as zlib.h says of inflate.
constexpr int after_block = 128;
constexpr int unused_bits = 63;

uInt as_much_as_fits(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

}  // namespace

Inflater::Inflater(int window_bits) : stream_(std::make_unique<z_stream>(zlib::new_stream())) {
  if (inflateInit2(stream_.get(), -window_bits) != Z_OK) throw std::bad_alloc();
}

Inflater::~Inflater() {
  inflateEnd(stream_.get());
}

void Inflater::reset() {
  inflateReset(stream_.get());
}

Inflater::Status Inflater::inflate(Bytes& input, MutableBytes& room) {
  int result = Z_STREAM_END;
  while (result == Z_STREAM_END && !room.empty()) {
    const uInt in = as_much_as_fits(input.size()), out = as_much_as_fits(room.size());
    stream_->next_in = zlib::readable(input.data());
    stream_->avail_in = in;
    stream_->next_out = zlib::writable(room.data());
    stream_->avail_out = out;
    result = ::inflate(stream_.get(), Z_SYNC_FLUSH);
    input = input.subspan(in - stream_->avail_in);
    room = room.subspan(out - stream_->avail_out);
    if (result == Z_STREAM_END) inflateResetKeep(stream_.get());
  }
  if (result == Z_MEM_ERROR) throw std::bad_alloc();
  if (result == Z_DATA_ERROR || result == Z_STREAM_ERROR) return Status::failed;
  return room.empty() ? Status::needs_room : Status::needs_input;
}

bool Inflater::is_at_block_end() const {
  return (stream_->data_type & after_block) != 0 && (stream_->data_type & unused_bits) == 0;
}

}  // namespace simws::protocol
