// The inside of a server or client, which outlives the object that its owner holds.
#pragma once

#include "base/owning_list.h"
#include "transport/loop.h"

#include <utility>

namespace simws::endpoint {

class Core : public ListLink {
 public:
  virtual ~Core() = default;

  // Calls `task` once, when it has been stopped and its last connection has ended.
  void on_finished(transport::Task task) {
    on_finished_ = std::move(task);
    tell_finished();
  }

 protected:
  // To be called when it may have become so.
  void tell_finished() {
    if (on_finished_ && is_finished()) std::exchange(on_finished_, nullptr)();
  }

 private:
  virtual bool is_finished() = 0;

  transport::Task on_finished_;
};

}  // namespace simws::endpoint
