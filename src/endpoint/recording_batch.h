// What a recording has to write, in order: one thread fills it, another one writes it.
#pragma once

#include "base/buffer.h"
#include "protocol/shared_message.h"
#include "recording/entry.h"

#include <cstddef>
#include <deque>
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

  // Copies a text. Both throw std::bad_alloc, and nothing has changed.
  std::string_view keep(std::string_view text);
  void add(Item item) { items_.push_back(std::move(item)); }

  bool empty() const { return items_.empty(); }
  const std::deque<Item>& items() const { return items_; }
  void clear();

 private:
  std::deque<Item> items_;
  std::vector<Buffer> texts_;  // none of them ever moves what it has
};

}  // namespace simws::endpoint
