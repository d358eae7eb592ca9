#include "endpoint/lending.h"

#include <functional>

namespace simws::endpoint {

bool Lending::holds(Bytes payload) const {
  const std::less_equal<const std::byte*> is_not_behind;
  return is_not_behind(read_.data(), payload.data()) &&
         is_not_behind(payload.data() + payload.size(), read_.data() + read_.size());
}

void Lending::lend(Output& output, const protocol::FrameHeader& header, Bytes payload) {
  if (!borrowed_) borrowed_.emplace(output, read_.size());
  borrowed_->append(header, payload);
}

}  // namespace simws::endpoint
