// Files of gzip (RFC 1952).
#pragma once

#include "recording/packing.h"

#include <memory>

namespace simws::recording {

// Null: out of memory.
std::unique_ptr<Packer> make_gzip_packer();
std::unique_ptr<Unpacker> make_gzip_unpacker();

}  // namespace simws::recording
