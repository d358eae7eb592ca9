// A queue from one thread to another, on which neither ever waits for the other.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace simws::dispatch {

// One thread pushes, one takes. Either role may pass to another thread when something else orders
// the two. Grows by blocks, one of which is kept for its memory. A moved-from T holds nothing.
// Memory is asked for early: `push` fails only where it has been out for half a block of pushes.
template <typename T>
class HandOver {
 public:
  HandOver() = default;
  ~HandOver() {
    while (Block* const block = oldest_) {
      oldest_ = block->next.load(std::memory_order_relaxed);
      delete block;
    }
    delete spare_.load(std::memory_order_relaxed);
    delete ahead_;
  }
  HandOver(const HandOver&) = delete;
  HandOver& operator=(const HandOver&) = delete;

  // How many wait, from any thread. Who pushes sees what it pushed; who takes what it has yet to
  // take, and maybe more.
  std::size_t count() const {
    return pushed_.load(std::memory_order_acquire) - taken_.load(std::memory_order_relaxed);
  }

  void push(T item) {
    if (filled_ == block_size) append_block();
    newest_->items[filled_++] = std::move(item);
    if (filled_ == block_size / 2) look_ahead();
    const std::size_t pushed = pushed_.load(std::memory_order_relaxed);
    pushed_.store(pushed + 1, std::memory_order_release);
  }

  // The oldest; nothing when there is none.
  std::optional<T> take() {
    const std::size_t taken = taken_.load(std::memory_order_relaxed);
    if (taken == pushed_.load(std::memory_order_acquire)) return std::nullopt;
    if (emptied_ == block_size) drop_oldest();
    std::optional<T> item(std::move(oldest_->items[emptied_++]));
    taken_.store(taken + 1, std::memory_order_relaxed);
    return item;
  }

 private:
  static constexpr std::size_t block_size = 64;
  static constexpr std::size_t cache_line = 64;

  struct Block {
    std::array<T, block_size> items{};
    std::atomic<Block*> next{nullptr};
  };

  void append_block() {
    Block* block = std::exchange(ahead_, nullptr);
    if (!block) block = new Block;
    newest_->next.store(block, std::memory_order_relaxed);
    newest_ = block;
    filled_ = 0;
  }

  void look_ahead() noexcept {
    if (ahead_) return;
    ahead_ = spare_.exchange(nullptr, std::memory_order_acquire);
    if (!ahead_) ahead_ = new (std::nothrow) Block;
  }

  // REQUIRES: there's another one.
  void drop_oldest() {
    Block* const next = oldest_->next.load(std::memory_order_relaxed);
    oldest_->next.store(nullptr, std::memory_order_relaxed);
    delete spare_.exchange(oldest_, std::memory_order_acq_rel);
    oldest_ = next;
    emptied_ = 0;
  }

  std::atomic<Block*> spare_{nullptr};

  // Whoever pushes.
  alignas(cache_line) Block* newest_ = new Block;
  std::size_t filled_ = 0;  // of the newest block
  Block* ahead_ = nullptr;  // the next one
  std::atomic<std::size_t> pushed_{0};

  // Whoever takes.
  alignas(cache_line) Block* oldest_ = newest_;
  std::size_t emptied_ = 0;  // of the oldest block
  std::atomic<std::size_t> taken_{0};
};

// Used things on their way back to the thread that made them, for their memory: a thread that frees
// what another allocated may have to wait for that one, inside the allocator.
template <typename T>
class Returns {
 public:
  // Where there's no memory for it, it's dropped.
  void give_back(T used) noexcept {
    if (queue_.count() >= most) return;
    try {
      queue_.push(std::move(used));
    } catch (const std::bad_alloc&) {
      // As if too many waited.
    }
  }
  std::optional<T> take() { return queue_.take(); }

 private:
  static constexpr std::size_t most = 1024;

  HandOver<T> queue_;
};

}  // namespace simws::dispatch
