#include "host/load/deflate.h"

#include <zlib.h>

#include <array>

namespace simws::load {
namespace {

constexpr int raw_deflate = -15;  // no header, a window of 32 KiB
constexpr std::string_view tail{"\x00\x00\xFF\xFF", 4};

Bytef* input(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib only reads it
}

// What `step` makes of the stream's input, until it leaves room unused.
template <typename Step>
bool run(z_stream& stream, std::string& out, Step step) {
  std::array<char, 16384> part;
  do {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = part.size();
    const int result = step(&stream, Z_SYNC_FLUSH);
    if (result != Z_OK && result != Z_BUF_ERROR) return false;
    out.append(part.data(), part.size() - stream.avail_out);
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
  run(stream, compressed, ::deflate);
  deflateEnd(&stream);
  compressed.resize(compressed.size() - tail.size());
  return compressed;
}

Inflating::Inflating(bool keeps_context)
    : keeps_context_(keeps_context), stream_(std::make_unique<z_stream>()) {
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
  return run(*stream_, message, ::inflate) && stream_->avail_in == 0;
}

}  // namespace simws::load
