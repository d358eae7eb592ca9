// The value stacks and the buffers that a plugin holds, by handle and by address.
#pragma once

#include "items.h"

#include <cstddef>
#include <map>
#include <memory>
#include <string_view>
#include <unordered_map>

namespace simhost {

// Handles are never given out again.
class Stacks {
 public:
  enum class Owner { core, plugin };

  int create(Owner owner);
  // Aborts when there's no such stack; `function` is whom to blame.
  Items& at(const char* function, int handle);
  // For the owner only, and not while a script is called with it.
  void release(const char* function, int handle, Owner owner);
  void lend(int handle, bool is_lent) { stacks_.at(handle).is_lent = is_lent; }

  std::size_t count_of_plugin() const { return count_of_plugin_; }

 private:
  struct Stack {
    Owner owner;
    bool is_lent = false;
    Items items;
  };

  Stack& find(const char* function, int handle);

  std::map<int, Stack> stacks_;
  std::size_t count_of_plugin_ = 0;
  int last_ = 0;
};

class Buffers {
 public:
  // A copy with a NUL behind it, for the plugin to release.
  char* copy(std::string_view bytes);
  void release(const char* function, const char* buffer);

  std::size_t count() const { return buffers_.size(); }

 private:
  std::unordered_map<const char*, std::unique_ptr<char[]>> buffers_;
};

Stacks& stacks();
Buffers& buffers();

}  // namespace simhost
