// Files of Zstandard (RFC 8878).
#pragma once

#include "recording/packing.h"

#include <memory>

namespace simws::recording {

// Null: out of memory.
std::unique_ptr<Packer> make_zstd_packer();
std::unique_ptr<Unpacker> make_zstd_unpacker();

}  // namespace simws::recording
