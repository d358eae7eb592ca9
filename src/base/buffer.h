// Bytes that grow, in memory that is kept for others afterwards.
#pragma once

#include "base/bytes.h"
#include "base/kept_memory.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

namespace simws {

// As std::string, but what it grows by isn't filled with zeros, and its large memory is kept for
// the next (see kept_memory.h).
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::string_view text) { append(text); }
  ~Buffer() {
    if (memory_.data) give_back_memory(memory_);
  }
  Buffer(Buffer&& other) noexcept
      : memory_(std::exchange(other.memory_, {})), size_(std::exchange(other.size_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    Buffer before(std::move(*this));
    memory_ = std::exchange(other.memory_, {});
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::size_t capacity() const { return memory_.size; }
  Bytes bytes() const { return {memory_.data, size_}; }
  MutableBytes bytes() { return {memory_.data, size_}; }
  std::string_view text() const { return as_text(bytes()); }

  // Appending so much in all needs no more memory. Throws std::bad_alloc, and nothing has changed.
  void reserve(std::size_t capacity) {
    if (capacity > memory_.size) move_to(take_memory(capacity));
  }
  void append(std::string_view text) {
    if (!text.empty()) std::memcpy(extend(text.size()).data(), text.data(), text.size());
  }
  void append(Bytes bytes) { append(as_text(bytes)); }
  // Appends bytes of any value, to be written to.
  MutableBytes extend(std::size_t count) {
    const std::size_t needed = size_ + count;
    if (needed > memory_.size) reserve(std::max({needed, memory_.size * 2, smallest}));
    return {memory_.data + std::exchange(size_, needed), count};
  }
  // Keeps the first `size` bytes. REQUIRES: there are as many.
  void truncate(std::size_t size) { size_ = size; }
  void erase_front(std::size_t count) {
    size_ -= count;
    if (size_ > 0) std::memmove(memory_.data, memory_.data + count, size_);
  }
  void clear() { size_ = 0; }
  // Has no memory any more.
  void release() { Buffer().swap(*this); }
  void swap(Buffer& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(size_, other.size_);
  }

 private:
  void move_to(Memory memory) {
    if (size_ > 0) std::memcpy(memory.data, memory_.data, size_);
    release_memory(std::exchange(memory_, memory));
  }

  static constexpr std::size_t smallest = 64;

  Memory memory_;
  std::size_t size_ = 0;
};

}  // namespace simws
