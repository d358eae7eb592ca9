#include "stacks.h"

#include "strict.h"

#include <algorithm>
#include <string>

namespace simhost {

int Stacks::create(Owner owner) {
  stacks_.try_emplace(++last_, Stack{owner, false, {}});
  if (owner == Owner::plugin) ++count_of_plugin_;
  return last_;
}

Items& Stacks::at(const char* function, int handle) {
  return find(function, handle).items;
}

void Stacks::release(const char* function, int handle, Owner owner) {
  const Stack& stack = find(function, handle);
  if (stack.owner != owner) misuse(function, "the stack of a call is the core's to release");
  if (stack.is_lent) misuse(function, "a script is being called with this stack");
  if (owner == Owner::plugin) --count_of_plugin_;
  stacks_.erase(handle);
}

Stacks::Stack& Stacks::find(const char* function, int handle) {
  const auto found = stacks_.find(handle);
  if (found != stacks_.end()) return found->second;
  const bool was_there = handle > 0 && handle <= last_;
  misuse(function, (was_there ? "released stack " : "unknown stack ") + std::to_string(handle));
}

char* Buffers::copy(std::string_view bytes) {
  auto buffer = std::make_unique<char[]>(bytes.size() + 1);
  std::ranges::copy(bytes, buffer.get());
  char* const address = buffer.get();
  buffers_.emplace(address, std::move(buffer));
  return address;
}

void Buffers::release(const char* function, const char* buffer) {
  if (buffers_.erase(buffer) == 0) misuse(function, "no buffer of the core, or released already");
}

Stacks& stacks() {
  static Stacks all;
  return all;
}

Buffers& buffers() {
  static Buffers all;
  return all;
}

}  // namespace simhost
