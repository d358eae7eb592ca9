// Values on a stack of the simulator.
#pragma once

#include "bindings/coppeliasim/simulator.h"
#include "script/function_table.h"
#include "script/value.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace simws::coppeliasim {

// Texts that the simulator handed out, held for the time of a call.
class HeldTexts {
 public:
  explicit HeldTexts(const Simulator& simulator) : simulator_(simulator) {}
  ~HeldTexts() {
    for (std::size_t i = 0; i < count_; ++i) simulator_.release_buffer(texts_[i]);
  }
  HeldTexts(const HeldTexts&) = delete;
  HeldTexts& operator=(const HeldTexts&) = delete;

  // REQUIRES: there are less than script::max_parameters.
  void hold(const char* text) { texts_[count_++] = text; }

 private:
  const Simulator& simulator_;
  std::array<const char*, script::max_parameters> texts_;
  std::size_t count_ = 0;
};

// No function asks the simulator for what could fail: a failed call within a script's call becomes
// that script's error in old versions.
class Stack {
 public:
  Stack(const Simulator& simulator, int handle) : simulator_(simulator), handle_(handle) {}

  int handle() const { return handle_; }
  std::size_t size() const;
  void clear() const { simulator_.pop_stack_item(handle_, 0); }

  // Takes the bottommost value off. A text is borrowed from `held`, what a table holds is owned. A
  // list that is too long isn't looked into.
  // REQUIRES: the stack isn't empty.
  script::Value take_first(HeldTexts& held) const;
  // The same, but texts are owned too.
  script::Value take_first() const;

  // False: it's too large for the simulator; a nil stands in its place.
  bool push(const script::Value& value) const;
  // As a buffer where scripts get data as such.
  bool push_data(std::string_view bytes) const;

 private:
  script::Value take_whole() const;
  script::Value take_top(int depth, script::ValueRoom& room) const;
  script::Value take_table(int depth, script::ValueRoom& room) const;
  script::Value take_entries(std::size_t count, bool is_map, int depth,
                             script::ValueRoom& room) const;
  script::Value owned_text() const;
  int top_type() const;
  void pop() const { simulator_.pop_stack_item(handle_, 1); }
  bool push_text(std::string_view text) const;

  const Simulator& simulator_;
  const int handle_;
};

// A stack of our own.
class OwnedStack : public Stack {
 public:
  explicit OwnedStack(const Simulator& simulator)
      : Stack(simulator, simulator.create_stack()), release_(simulator.release_stack) {}
  ~OwnedStack() { release_(handle()); }
  OwnedStack(const OwnedStack&) = delete;
  OwnedStack& operator=(const OwnedStack&) = delete;

 private:
  int (*const release_)(int);
};

}  // namespace simws::coppeliasim
