// The inside of a server or client, which outlives the object that its owner holds.
#pragma once

#include "transport/loop.h"

namespace simws::endpoint {

class Core {
 public:
  virtual ~Core() = default;

  // Calls `task` once, when it has been stopped and its last connection has ended.
  virtual void on_finished(transport::Task task) = 0;
};

}  // namespace simws::endpoint
