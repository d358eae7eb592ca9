// What is common to the uses of zlib.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <new>

namespace simws::protocol::zlib {

// As C++ allocates, so that a lack of memory is the same everywhere. Null: there is none.
inline voidpf allocate(voidpf, uInt count, uInt size) {
  return ::operator new (std::size_t{count} * size, std::nothrow);
}
inline void release(voidpf, voidpf memory) {
  ::operator delete(memory);
}

inline z_stream new_stream() {
  z_stream stream{};
  stream.zalloc = allocate;
  stream.zfree = release;
  return stream;
}

// zlib only reads it.
inline Bytef* readable(const std::byte* bytes) {
  return reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes));
}
inline Bytef* writable(std::byte* bytes) {
  return reinterpret_cast<Bytef*>(bytes);
}

}  // namespace simws::protocol::zlib
