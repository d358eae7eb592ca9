#include "recording/packing.h"

#include "recording/gzip.h"
#include "recording/zstandard.h"

#include <algorithm>
#include <cstring>

namespace simws::recording {

namespace {

class PlainPacker final : public Packer {
 public:
  Result<void> pack(std::string_view text, Then, std::string& packed) override {
    packed += text;
    return {};
  }
};

class PlainUnpacker final : public Unpacker {
 public:
  Result<std::size_t> unpack(Bytes& packed, MutableBytes room) override {
    const std::size_t count = std::min(packed.size(), room.size());
    if (count > 0) std::memcpy(room.data(), packed.data(), count);
    packed = packed.subspan(count);
    return count;
  }
  bool is_complete() const override { return true; }
};

}  // namespace

Packing packing_of(std::string_view file_name) {
  if (file_name.ends_with(".gz")) return Packing::gzip;
  return file_name.ends_with(".zst") ? Packing::zstd : Packing::plain;
}

std::unique_ptr<Packer> make_packer(Packing packing) {
  if (packing == Packing::gzip) return make_gzip_packer();
  if (packing == Packing::zstd) return make_zstd_packer();
  return std::make_unique<PlainPacker>();
}

std::unique_ptr<Unpacker> make_unpacker(Packing packing) {
  if (packing == Packing::gzip) return make_gzip_unpacker();
  if (packing == Packing::zstd) return make_zstd_unpacker();
  return std::make_unique<PlainUnpacker>();
}

}  // namespace simws::recording
