// What a NATS server keeps and answers in JSON.
#include "base/bytes.h"
#include "check.h"
#include "protocol/broker/broker_answers.h"
#include "protocol/broker/broker_message.h"

#include <string_view>

using namespace simws;
using namespace simws::protocol;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(fuzz::to_bytes(data, size));
  if (const auto holder = parse_name_holder(text)) {
    check(is_epoch(holder->epoch));
    const auto again = parse_name_holder(name_holder_text(*holder));
    check(!again || (again->address == holder->address && again->host == holder->host));
  }
  const StreamAnswer answer = parse_stream_answer(text);
  check(answer.sequence.has_value() == answer.fault.empty());
  return 0;
}
