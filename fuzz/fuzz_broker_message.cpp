// Messages on a simulation's subjects, one a line: the subject, headers "name=value", and the data,
// with tabs between. What is decoded comes back as it was; what is joined stays within its bound.
#include "base/bytes.h"
#include "check.h"
#include "protocol/broker/broker_message.h"
#include "protocol/broker/message_parts.h"
#include "protocol/broker/subject.h"

#include <algorithm>
#include <string>
#include <string_view>

using namespace simws;
using namespace simws::protocol;
using fuzz::check;

namespace {

constexpr std::string_view name = "arm";
constexpr std::size_t bound = 64;

std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return piece;
}

BrokerHeaders take_headers(std::string_view& line) {
  const auto names = broker_header_names();
  BrokerHeaders headers;
  while (line.find('\t') != std::string_view::npos) {
    std::string_view header = take(line, '\t');
    const std::string_view its_name = take(header, '=');
    const auto found = std::ranges::find(names, its_name);
    if (found != names.end()) headers.push_back({*found, std::string(header)});
  }
  return headers;
}

void check_publication(const BrokerPublication& read, std::string_view data) {
  const BrokerHeaders headers = headers_of(read);
  check(size_of(headers) > 0);
  const auto again =
      decode_publication(name, publication_subject(name, read.topic, read.key), headers, data);
  check(again && again->topic == read.topic && again->key == read.key);
  check(again->epoch == read.epoch && again->sequence == read.sequence);
  check(again->time == read.time && again->opcode == read.opcode);
  check(again->retain == read.retain && again->forget == read.forget);
  check(again->part.index == read.part.index && again->part.count == read.part.count);
}

void check_inbound(const BrokerInbound& read) {
  const auto again =
      decode_inbound(name, inbound_subject(name, read.viewer.edge), headers_of(read));
  check(again && again->topic == read.topic && again->viewer == read.viewer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = as_text(fuzz::to_bytes(data, size));
  PartJoiner joiner(bound);
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    const std::string_view subject = take(line, '\t');
    const BrokerHeaders headers = take_headers(line);
    if (const auto inbound = decode_inbound(name, subject, headers)) check_inbound(*inbound);
    const auto publication = decode_publication(name, subject, headers, line);
    if (!publication) continue;
    check_publication(*publication, line);
    (void)joiner.take(*publication, line);
    check(joiner.bytes() <= bound && joiner.unfinished() <= 1000);
  }
  return 0;
}
