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

// The same byte again and again: 0x00 is the least number, 0xFF the greatest.
class ConstantRandom final : public RandomSource {
 public:
  explicit ConstantRandom(std::uint8_t byte) : byte_(byte) {}
  void fill(MutableBytes bytes) override {
    for (std::byte& byte : bytes) byte = std::byte{byte_};
  }

 private:
  std::uint8_t byte_;
};

}  // namespace simws::protocol::test
