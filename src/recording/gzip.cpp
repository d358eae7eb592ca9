#include "recording/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace simws::recording {

namespace {

constexpr int gzip_window_bits = MAX_WBITS + 16;  // zlib's way to ask for gzip
// Whoever records must keep up: this takes a third of the usual time.
constexpr int level = 1;

Error out_of_memory() {
  return {ErrorCode::unavailable, "ran out of memory"};
}

// zlib counts in `unsigned`.
uInt chunk(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

class GzipPacker final : public Packer {
 public:
  ~GzipPacker() override { deflateEnd(&stream_); }

  bool begin() {
    return deflateInit2(&stream_, level, Z_DEFLATED, gzip_window_bits, 8, Z_DEFAULT_STRATEGY) ==
           Z_OK;
  }

  Result<void> pack(std::string_view text, Then then, std::string& packed) override {
    while (true) {
      const uInt size = chunk(text.size());
      const bool is_last = size == text.size();
      stream_.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(text.data()));
      stream_.avail_in = size;
      if (!deflate_all(is_last ? flush_of(then) : Z_NO_FLUSH, packed)) return out_of_memory();
      if (is_last) return {};
      text.remove_prefix(size);
    }
  }

 private:
  static int flush_of(Then then) {
    if (then == Then::finish) return Z_FINISH;
    return then == Then::flush ? Z_SYNC_FLUSH : Z_NO_FLUSH;
  }

  // Until it leaves room: then it has no more to say.
  bool deflate_all(int flush, std::string& packed) {
    std::array<char, 16384> room;
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(room.data());
      stream_.avail_out = room.size();
      if (deflate(&stream_, flush) == Z_STREAM_ERROR) return false;
      packed.append(room.data(), room.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
    return true;
  }

  z_stream stream_{};
};

class GzipUnpacker final : public Unpacker {
 public:
  ~GzipUnpacker() override { inflateEnd(&stream_); }

  bool begin() { return inflateInit2(&stream_, gzip_window_bits) == Z_OK; }

  Result<std::size_t> unpack(Bytes& packed, MutableBytes room) override {
    std::size_t count = 0;
    if (is_damaged_) return damaged();
    while (count == 0 && (!packed.empty() || has_more_)) {
      if (std::exchange(has_ended_, false)) inflateReset(&stream_);
      const auto got = inflate_some(packed, room);
      if (!got) return got.error();
      count = *got;
    }
    return count;
  }
  bool is_complete() const override { return has_ended_; }

 private:
  Result<std::size_t> inflate_some(Bytes& packed, MutableBytes room) {
    const uInt given = chunk(packed.size());
    const uInt wanted = chunk(room.size());
    stream_.next_in = reinterpret_cast<z_const Bytef*>(const_cast<std::byte*>(packed.data()));
    stream_.avail_in = given;
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = wanted;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    packed = packed.subspan(given - stream_.avail_in);
    has_ended_ = status == Z_STREAM_END;
    // What filled the room may go on without more of the file.
    has_more_ = stream_.avail_out == 0 && !has_ended_;
    if (status == Z_MEM_ERROR) return out_of_memory();
    is_damaged_ = status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR;
    // What came before is told first.
    const std::size_t count = wanted - stream_.avail_out;
    if (is_damaged_ && count == 0) return damaged();
    return count;
  }

  static Error damaged() {
    return {ErrorCode::invalid_argument, "can't be unpacked: this is no gzip, or it's damaged"};
  }

  z_stream stream_{};
  bool has_ended_ = false;  // a member has
  bool has_more_ = false;
  bool is_damaged_ = false;
};

template <typename Made>
std::unique_ptr<Made> begun(std::unique_ptr<Made> made) {
  return made->begin() ? std::move(made) : nullptr;
}

}  // namespace

std::unique_ptr<Packer> make_gzip_packer() {
  return begun(std::make_unique<GzipPacker>());
}

std::unique_ptr<Unpacker> make_gzip_unpacker() {
  return begun(std::make_unique<GzipUnpacker>());
}

}  // namespace simws::recording
