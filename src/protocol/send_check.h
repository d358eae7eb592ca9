// Whether data may be sent next on a connection: its size, its place in a fragmented message
// (RFC 6455, 5.4), and that text is UTF-8. The script's thread asks before it hands data over, the
// connection before it queues it.
#pragma once

#include "base/utf8.h"

#include <simws/close_code.h>
#include <simws/opcode.h>
#include <simws/result.h>

#include <cstddef>
#include <string_view>

namespace simws::protocol {

// Nothing when `text` is UTF-8; otherwise an error that names the byte offset.
Result<void> check_utf8(std::string_view text);

Result<void> check_size(std::string_view data, std::size_t max_queued_bytes);

// Whether a Close frame may carry this code and this reason (RFC 6455, 5.5.1 and 7.4).
Result<void> check_close(CloseCode code, std::string_view reason);

class SendCheck {
 public:
  // Takes the frame for sent when it may be; otherwise nothing changes.
  Result<void> check(std::string_view data, Opcode opcode, bool fin, std::size_t max_queued_bytes);

  // A message has been begun with fin=false and not ended.
  bool in_message() const { return message_ != Opcode::continuation; }

 private:
  Result<void> check_order(Opcode opcode) const;

  Utf8Validator validator_;
  Opcode message_ = Opcode::continuation;  // kind of the message begun, if any
};

}  // namespace simws::protocol
