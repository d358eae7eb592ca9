#include "host/load/deflate.h"

#include <zlib.h>

#include <array>
#include <limits>

namespace simws::load {
namespace {

constexpr int raw_deflate = -15;  // no header, a window of 32 KiB
constexpr std::string_view tail{"\x00\x00\xFF\xFF", 4};

Bytef* input(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib only reads it
}

constexpr std::size_t endless = std::numeric_limits<std::size_t>::max();

// What `step` makes of the stream's input, until it leaves room unused. False: that's no deflate,
// or more than `most` bytes.
template <typename Step>
bool run(z_stream& stream, std::string& out, std::size_t most, Step step) {
  std::array<char, 16384> part;
  do {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = part.size();
    const int result = step(&stream, Z_SYNC_FLUSH);
    if (result != Z_OK && result != Z_BUF_ERROR) return false;
    out.append(part.data(), part.size() - stream.avail_out);
    if (out.size() > most) return false;
  } while (stream.avail_out == 0);
  return true;
}

}  // namespace

std::string deflate(std::string_view message, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -window_bits, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = input(message);
  stream.avail_in = static_cast<uInt>(message.size());
  std::string compressed;
  run(stream, compressed, endless, ::deflate);
  deflateEnd(&stream);
  compressed.resize(compressed.size() - tail.size());
  return compressed;
}

Inflating::Inflating(bool keeps_context, std::size_t most)
    : keeps_context_(keeps_context), most_(most), stream_(std::make_unique<z_stream>()) {
  inflateInit2(stream_.get(), raw_deflate);
}

Inflating::~Inflating() {
  inflateEnd(stream_.get());
}

bool Inflating::inflate(std::string_view compressed, std::string& message) {
  message.clear();
  if (!keeps_context_) inflateReset(stream_.get());
  const std::string whole = std::string(compressed).append(tail);
  stream_->next_in = input(whole);
  stream_->avail_in = static_cast<uInt>(whole.size());
  return run(*stream_, message, most_, ::inflate) && stream_->avail_in == 0;
}

}  // namespace simws::load
