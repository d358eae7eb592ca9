#include "endpoint/output_pool.h"

#include "base/kept_memory.h"

#include <utility>

namespace simws::endpoint {

std::unique_ptr<Output> OutputPool::take() {
  if (spare_.empty()) return std::make_unique<Output>();
  std::unique_ptr<Output> output = std::move(spare_.back());
  spare_.pop_back();
  return output;
}

void OutputPool::give_back(std::unique_ptr<Output> output) noexcept {
  if (spare_.size() >= most) return;
  const bool is_large = spare_.size() < most_large;
  output->clear(is_large ? Output::low_mark : smallest_kept - 1);
  spare_.push_back(std::move(output));
}

}  // namespace simws::endpoint
