// Outputs are many and used for a moment each: those that are empty wait here for their next use.
#pragma once

#include "endpoint/output.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace simws::endpoint {

class OutputPool {
 public:
  OutputPool() { spare_.reserve(most); }

  std::unique_ptr<Output> take();
  void give_back(std::unique_ptr<Output> output) noexcept;

 private:
  static constexpr std::size_t most = 1024;
  static constexpr std::size_t most_large = 128;  // with memory for a turn's frames

  std::vector<std::unique_ptr<Output>> spare_;
};

}  // namespace simws::endpoint
