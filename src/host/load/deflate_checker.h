// Checks echoes that are compressed: they need not be the bytes that were sent.
#pragma once

#include "host/load/batch.h"
#include "host/load/checker.h"
#include "host/load/deflate.h"
#include "host/load/message_reader.h"

namespace simws::load {

class DeflateChecker final : public Checker {
 public:
  // `batch` must outlive this. `in_context`: what comes may refer to what came before.
  explicit DeflateChecker(const Batch& batch, bool in_context = false)
      : batch_(&batch), inflating_(in_context) {}

  std::size_t consume(std::string_view bytes) override;

 private:
  bool check();

  const Batch* batch_;
  Inflating inflating_;
  MessageReader reader_;
  std::string inflated_;
  std::size_t index_ = 0;  // of the message in the batch
};

}  // namespace simws::load
