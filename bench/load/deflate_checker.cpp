#include "load/deflate_checker.h"

namespace bench {

std::size_t DeflateChecker::consume(std::string_view bytes) {
  reader_.append(bytes);
  std::size_t completed = 0;
  while (error_.empty() && reader_.next() && check()) ++completed;
  return completed;
}

bool DeflateChecker::check() {
  const std::string& expected = batch_->messages[index_];
  if (reader_.opcode() != batch_->opcode) {
    error_ = "another opcode than was sent";
  } else if (reader_.is_compressed() && !inflating_.inflate(reader_.message(), inflated_)) {
    error_ = "a message that can't be inflated";
  } else if ((reader_.is_compressed() ? inflated_ : reader_.message()) != expected) {
    error_ = "another message than was sent";
  }
  index_ = (index_ + 1) % batch_->messages.size();
  return error_.empty();
}

}  // namespace bench
