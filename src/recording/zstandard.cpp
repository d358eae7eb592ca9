#include "recording/zstandard.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <array>

namespace simws::recording {

namespace {

// Whoever records must keep up.
constexpr int level = 1;

Error problem(std::size_t code) {
  if (ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation) {
    return {ErrorCode::unavailable, "ran out of memory"};
  }
  return {ErrorCode::invalid_argument, "can't be unpacked: this is no Zstandard, or it's damaged"};
}

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};
using Compressor = std::unique_ptr<ZSTD_CCtx, FreeCompressor>;
using Decompressor = std::unique_ptr<ZSTD_DCtx, FreeDecompressor>;

class ZstdPacker final : public Packer {
 public:
  explicit ZstdPacker(Compressor context) : context_(std::move(context)) {}

  Result<void> pack(std::string_view text, Then then, std::string& packed) override {
    std::array<char, 16384> room;
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    while (true) {
      ZSTD_outBuffer out{room.data(), room.size(), 0};
      const std::size_t left = ZSTD_compressStream2(context_.get(), &out, &in, directive(then));
      if (ZSTD_isError(left) != 0) return problem(left);
      packed.append(room.data(), out.pos);
      const bool is_done = then == Then::go_on ? in.pos == in.size : left == 0;
      if (is_done) return {};
    }
  }

 private:
  static ZSTD_EndDirective directive(Then then) {
    if (then == Then::finish) return ZSTD_e_end;
    return then == Then::flush ? ZSTD_e_flush : ZSTD_e_continue;
  }

  Compressor context_;
};

class ZstdUnpacker final : public Unpacker {
 public:
  explicit ZstdUnpacker(Decompressor context) : context_(std::move(context)) {}

  Result<std::size_t> unpack(Bytes& packed, MutableBytes room) override {
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    ZSTD_outBuffer out{room.data(), room.size(), 0};
    while (out.pos == 0 && (in.pos < in.size || has_more_)) {
      const std::size_t wanted = ZSTD_decompressStream(context_.get(), &out, &in);
      if (ZSTD_isError(wanted) != 0) return problem(wanted);
      is_complete_ = wanted == 0;
      has_more_ = out.pos == out.size && !is_complete_;
    }
    packed = packed.subspan(in.pos);
    return out.pos;
  }
  bool is_complete() const override { return is_complete_; }

 private:
  Decompressor context_;
  bool is_complete_ = false;
  bool has_more_ = false;  // of what was read
};

}  // namespace

std::unique_ptr<Packer> make_zstd_packer() {
  Compressor context(ZSTD_createCCtx());
  if (!context) return nullptr;
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  return std::make_unique<ZstdPacker>(std::move(context));
}

std::unique_ptr<Unpacker> make_zstd_unpacker() {
  Decompressor context(ZSTD_createDCtx());
  return context ? std::make_unique<ZstdUnpacker>(std::move(context)) : nullptr;
}

}  // namespace simws::recording
