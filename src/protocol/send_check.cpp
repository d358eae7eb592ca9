#include "protocol/send_check.h"

#include <algorithm>
#include <string>
#include <utility>

namespace simws::protocol {

namespace {

constexpr std::size_t max_close_reason = 123;
constexpr std::size_t max_data = std::size_t{1} << 31;

Error not_utf8(std::string_view text, std::string what) {
  const std::size_t offset = find_invalid_utf8(as_bytes(text)).value_or(text.size());
  what += " must be UTF-8, and is not at byte offset " + std::to_string(offset);
  return {ErrorCode::invalid_argument, std::move(what)};
}

Error not_text(std::string_view data) {
  Error error = not_utf8(data, "text");
  error.message += "; send bytes that are no text with opcode.binary";
  return error;
}

}  // namespace

Result<void> check_utf8(std::string_view text) {
  if (find_invalid_utf8(as_bytes(text))) return not_text(text);
  return {};
}

Result<void> check_size(std::string_view data, std::size_t max_queued_bytes) {
  if (data.size() > max_data) {
    return Error{ErrorCode::too_large, "a message of " + std::to_string(data.size()) +
                                           " bytes is over 2^31; send it in parts"};
  }
  if (data.size() > max_queued_bytes) {
    return Error{ErrorCode::too_large, "a message of " + std::to_string(data.size()) +
                                           " bytes is over maxQueuedBytes (" +
                                           std::to_string(max_queued_bytes) +
                                           "); send it in parts, or raise that option"};
  }
  return {};
}

Result<void> check_close(CloseCode code, std::string_view reason) {
  if (!is_sendable(code)) {
    return Error{ErrorCode::invalid_argument,
                 "close code " + std::to_string(static_cast<int>(code)) +
                     " may not be sent; use 1000-1003, 1007-1014, or 3000-4999 for your own"};
  }
  if (reason.size() > max_close_reason) {
    return Error{ErrorCode::too_large, "a close reason of " + std::to_string(reason.size()) +
                                           " bytes is over 123, which is all a Close frame holds"};
  }
  if (find_invalid_utf8(as_bytes(reason))) return not_utf8(reason, "a close reason");
  return {};
}

Result<void> SendCheck::check_order(Opcode opcode) const {
  if (opcode == Opcode::continuation && !in_message()) {
    return Error{
        ErrorCode::invalid_state,
        "opcode.continuation goes on with a message that was begun with fin=false; none is "
        "begun on this connection"};
  }
  if (opcode != Opcode::continuation && in_message()) {
    return Error{ErrorCode::invalid_state,
                 "a fragmented message is under way on this connection; go on with "
                 "opcode.continuation, and end it with fin=true, before another message"};
  }
  return {};
}

Result<void> SendCheck::check(std::string_view data, Opcode opcode, bool fin,
                              std::size_t max_queued_bytes) {
  // A whole message, which is the rule, leaves nothing to remember.
  const bool fits = data.size() <= std::min(max_queued_bytes, max_data);
  if (fin && !in_message() && opcode != Opcode::continuation && fits) {
    if (opcode == Opcode::text && !is_utf8(as_bytes(data))) return not_text(data);
    return {};
  }
  if (auto order = check_order(opcode); !order) return order;
  if (auto size = check_size(data, max_queued_bytes); !size) return size;
  const Opcode message = opcode == Opcode::continuation ? message_ : opcode;
  if (message == Opcode::text) {
    Utf8Validator validator = validator_;
    if (!validator.consume(as_bytes(data)) || (fin && !validator.complete())) return not_text(data);
    validator_ = fin ? Utf8Validator{} : validator;
  }
  message_ = fin ? Opcode::continuation : message;
  return {};
}

}  // namespace simws::protocol
