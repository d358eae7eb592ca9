// What a recording has to write, in order: one thread fills it, another one writes it.
#pragma once

#include "base/buffer.h"
#include "protocol/shared_message.h"
#include "recording/entry.h"

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::endpoint {

class RecordingBatch {
 public:
  struct Item {
    recording::Entry entry;            // whose texts lie in the batch, or in `frames`
    bool fin = true;                   // of a message: false where a fragment isn't the last
    protocol::SharedFramesPtr frames;  // of a message that others hold too; null: the batch's own
  };

  // Copies a text. Both throw std::bad_alloc, and nothing has changed. All else needs no memory.
  std::string_view keep(std::string_view text);
  void add(Item item);

  bool empty() const { return groups_.empty(); }
  // In order: groups, so that none is moved when there are many.
  const std::vector<std::vector<Item>>& groups() const { return groups_; }
  void clear() noexcept;

 private:
  std::vector<std::vector<Item>> groups_;
  std::vector<Buffer> texts_;  // none of them ever moves what it has
};

}  // namespace simws::endpoint
