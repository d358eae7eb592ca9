// What a server of simws.topics.1 may say to a client.
#include "base/bytes.h"
#include "check.h"
#include "protocol/topics/topic_replies.h"

#include <string_view>
#include <variant>

using namespace simws;
using namespace simws::protocol;
using fuzz::check;

namespace {

struct Check {
  bool has_line;

  void operator()(const topic_reply::Malformed& malformed) const {
    check(malformed.reason.starts_with("a header line of simws.topics.1 "));
  }
  void operator()(const topic_reply::Sent&) const { check(!has_line); }
  void operator()(const topic_reply::Part& part) const { check(part.index < part.count); }
  template <typename Word>
  void operator()(const Word&) const {
    check(has_line);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message = as_text(fuzz::to_bytes(data, size));
  const TopicReply reply = parse_topic_reply(message);
  check(message.ends_with(reply.payload));
  std::visit(Check{!message.starts_with('\n')}, reply.word);
  return 0;
}
