// A queue from one thread to another, on which neither ever waits for the other.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace simws::dispatch {

// One thread pushes, one takes. Either role may pass to another thread when something else orders
// the two. Grows by blocks, which are freed as they have been taken. A moved-from T holds nothing.
template <typename T>
class HandOver {
 public:
  HandOver() = default;
  ~HandOver() {
    while (Block* const block = oldest_) {
      oldest_ = block->next.load(std::memory_order_relaxed);
      delete block;
    }
  }
  HandOver(const HandOver&) = delete;
  HandOver& operator=(const HandOver&) = delete;

  void push(T item) {
    const std::size_t used = newest_->filled.load(std::memory_order_relaxed);
    if (used < block_size) {
      newest_->items[used] = std::move(item);
      newest_->filled.store(used + 1, std::memory_order_release);
      return;
    }
    auto block = std::make_unique<Block>();
    block->items[0] = std::move(item);
    block->filled.store(1, std::memory_order_relaxed);
    Block* const full = std::exchange(newest_, block.release());
    full->next.store(newest_, std::memory_order_release);
  }

  // The oldest; nothing when there is none.
  std::optional<T> take() {
    if (taken_ == block_size && !free_oldest()) return std::nullopt;
    if (taken_ == oldest_->filled.load(std::memory_order_acquire)) return std::nullopt;
    return std::move(oldest_->items[taken_++]);
  }

 private:
  static constexpr std::size_t block_size = 64;

  struct Block {
    std::array<T, block_size> items{};
    std::atomic<std::size_t> filled{0};
    std::atomic<Block*> next{nullptr};
  };

  // Whether there's another one.
  bool free_oldest() {
    Block* const next = oldest_->next.load(std::memory_order_acquire);
    if (!next) return false;
    delete std::exchange(oldest_, next);
    taken_ = 0;
    return true;
  }

  // Whoever pushes.
  Block* newest_ = new Block;
  // Whoever takes.
  alignas(64) Block* oldest_ = newest_;
  std::size_t taken_ = 0;  // of the oldest block
};

}  // namespace simws::dispatch
