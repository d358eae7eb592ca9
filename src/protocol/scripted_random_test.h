// For tests: a random source that gives what it's told to.
#pragma once

#include "base/random.h"

#include <cstddef>
#include <cstdint>

namespace simws::protocol::test {

// Bytes 0, 1, 2, ... on and on.
class CountingRandom final : public RandomSource {
 public:
  void fill(MutableBytes bytes) override {
    ++calls;
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(next++);
  }

  std::size_t calls = 0;
  std::uint8_t next = 0;
};

// The same number again and again.
class ConstantRandom final : public RandomSource {
 public:
  // Its first byte, then the others.
  ConstantRandom(std::uint8_t first, std::uint8_t others) : first_(first), others_(others) {}

  void fill(MutableBytes bytes) override {
    for (std::byte& byte : bytes) byte = std::byte{&byte == bytes.data() ? first_ : others_};
  }

 private:
  std::uint8_t first_;
  std::uint8_t others_;
};

}  // namespace simws::protocol::test
