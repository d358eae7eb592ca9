// The least of a simulator that the plugin can be measured in: stacks without frills, one script
// whose handlers are C++, no log.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

struct ScriptCall {  // as the simulator lays it out
  int object;
  int script;
  int stack;
  char wait_until_zero;
  char* error;
  char* source;
  int line;
};
using ScriptFunction = void (*)(ScriptCall*);

struct Item {
  int type = 0;
  std::int64_t integer = 0;
  double real = 0;
  int size = 0;
  std::array<char, 104> bytes;

  std::string_view text() const { return {bytes.data(), static_cast<std::size_t>(size)}; }
};

class Stack {
 public:
  void clear() { size_ = 0; }
  std::size_t size() const { return size_; }
  Item& top() { return items_[size_ - 1]; }
  Item& operator[](std::size_t index) { return items_[index]; }
  Item& push(int type) {
    Item& item = items_[size_++];
    item.type = type;
    return item;
  }
  void push_text(std::string_view text) {
    Item& item = push(3);
    item.size = static_cast<int>(text.size());
    std::memcpy(item.bytes.data(), text.data(), text.size());
  }
  void pop(std::size_t count) { size_ = count == 0 ? 0 : size_ - count; }
  void move_to_top(std::size_t index) {
    const Item moved = items_[index];
    std::memmove(&items_[index], &items_[index + 1], (size_ - index - 1) * sizeof(Item));
    items_[size_ - 1] = moved;
  }

 private:
  std::array<Item, 8> items_;
  std::size_t size_ = 0;
};

// One: its functions are the program's, which the plugin finds by their names.
struct Core {
  std::map<std::string, ScriptFunction> registered;
  std::vector<Stack> stacks = std::vector<Stack>(8);
  int used_stacks = 0;
  // A handler of the script was called; its arguments are on the stack, and its results are left
  // there.
  std::function<void(Stack&)> on_call = [](Stack& stack) { stack.clear(); };
  std::string last_error;

  int take_stack() { return used_stacks++; }
  void give_stack_back() { --used_stacks; }
  void call(ScriptFunction function, int script, int stack) {
    ScriptCall made{-1, script, stack, 0, nullptr, nullptr, 0};
    function(&made);
  }
};
Core& core();

}  // namespace bench
