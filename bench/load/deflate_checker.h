// Checks echoes that are compressed: they need not be the bytes that were sent.
#pragma once

#include "load/batch.h"
#include "load/checker.h"
#include "load/message_reader.h"

namespace bench {

class DeflateChecker final : public Checker {
 public:
  // `batch` must outlive this.
  explicit DeflateChecker(const Batch& batch) : batch_(&batch) {}

  std::size_t consume(std::string_view bytes) override;
  const std::string& error() const override { return error_; }

 private:
  bool check();

  const Batch* batch_;
  MessageReader reader_;
  std::string inflated_;
  std::size_t index_ = 0;  // of the message in the batch
  std::string error_;
};

}  // namespace bench
