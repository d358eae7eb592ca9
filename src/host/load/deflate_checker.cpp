#include "host/load/deflate_checker.h"

#include "host/load/text.h"

namespace simws::load {

std::size_t DeflateChecker::consume(std::string_view bytes) {
  reader_.append(bytes);
  std::size_t completed = 0;
  while (error_.empty() && reader_.next() && check()) ++completed;
  if (error_.empty()) error_ = reader_.end();
  pongs_ += reader_.take_pongs();
  return completed;
}

bool DeflateChecker::check() {
  const std::string& expected = batch_->messages[index_];
  if (reader_.is_compressed()) ++compressed_;
  if (reader_.opcode() != batch_->opcode) {
    error_ = "another opcode than was sent";
  } else if (reader_.is_compressed() && !inflating_.inflate(reader_.message(), inflated_)) {
    error_ = "a message that can't be inflated";
  } else {
    const std::string_view message = reader_.is_compressed() ? inflated_ : reader_.message();
    if (message != expected) {
      error_ = "message " + std::to_string(index_) + " of the batch: " + quoted_bytes(message) +
               " came instead of " + quoted_bytes(expected);
    }
  }
  index_ = (index_ + 1) % batch_->messages.size();
  return error_.empty();
}

}  // namespace simws::load
