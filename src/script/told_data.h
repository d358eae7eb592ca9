// The data that a handler was given, by the object that the script's language made of it. Who sends
// that very object, as an echo or a relay does, means the bytes as they came: they needn't be had
// from the object again, and may leave from where they lie.
#pragma once

#include "script/value.h"

#include <cstddef>
#include <utility>

namespace simws::script {

// `Key` tells objects apart, and is null for none. While it's known here somebody must hold the
// object: another one might get its key.
template <typename Key>
class ToldData {
 public:
  // What is less is had from its object as quickly.
  static constexpr std::size_t smallest = 4u << 10;

  // A handler's call: what it's told is known from `tell` on, until this ends. What an outer one
  // was told isn't meanwhile.
  class Telling {
   public:
    explicit Telling(ToldData& told) : told_(told), outer_(std::exchange(told.latest_, {})) {}
    ~Telling() { told_.latest_ = outer_; }
    Telling(const Telling&) = delete;
    Telling& operator=(const Telling&) = delete;

   private:
    ToldData& told_;
    const std::pair<Key, Data> outer_;
  };

  // False for what is small, or doesn't last until the handler returns.
  static bool is_worth_telling(const Data& data) {
    return data.bytes.size() >= smallest && !data.memory;
  }
  void tell(Key object, const Data& data) {
    if (is_worth_telling(data)) latest_ = {object, data};
  }

  bool empty() const { return latest_.first == Key{}; }
  // Null: it wasn't told, or needn't be found.
  const Data* find(Key object) const {
    return !empty() && object == latest_.first ? &latest_.second : nullptr;
  }

 private:
  std::pair<Key, Data> latest_{};
};

}  // namespace simws::script
