// How the bytes of a recording's file are packed. Arithmetic on bytes: no file, no clock.
#pragma once

#include "base/bytes.h"

#include <simws/result.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace simws::recording {

enum class Packing : std::uint8_t { plain, gzip, zstd };

// As the end of a file's name says: ".gz", ".zst", or any other.
Packing packing_of(std::string_view file_name);

// Errors of both: unavailable (out of memory), and what is said there.

class Packer {
 public:
  enum class Then : std::uint8_t {
    go_on,   // what comes later may be needed to unpack this
    flush,   // all so far can be unpacked
    finish,  // it ends here; nothing follows
  };

  virtual ~Packer() = default;
  // Appends what `text` becomes to `packed`.
  virtual Result<void> pack(std::string_view text, Then then, std::string& packed) = 0;
};

class Unpacker {
 public:
  virtual ~Unpacker() = default;
  // Unpacks the start of `packed`, which shrinks, into `room`; returns how much that is. 0: more of
  // the file is needed. Members, or frames, that follow each other are one file. Error
  // (invalid_argument): it isn't packed like this.
  virtual Result<std::size_t> unpack(Bytes& packed, MutableBytes room) = 0;
  // So far it ends where the file may.
  virtual bool is_complete() const = 0;
};

// Null: out of memory.
std::unique_ptr<Packer> make_packer(Packing packing);
std::unique_ptr<Unpacker> make_unpacker(Packing packing);

}  // namespace simws::recording
