// A subject as anybody may publish on it; and, in the other direction, any topic and key.
#include "base/bytes.h"
#include "check.h"
#include "protocol/broker/subject.h"
#include "protocol/topics/topic_name.h"

#include <algorithm>
#include <string>
#include <string_view>

using namespace simws;
using namespace simws::protocol;
using fuzz::check;

namespace {

constexpr std::string_view name = "arm";

// What is read comes from the one subject that its topic and key have.
void check_decoding(std::string_view subject) {
  const auto place = decode_subject(name, subject);
  if (!place) return;
  check(check_topic(place->topic).ok());
  if (!place->key) return;
  check(check_key(*place->key).ok());
  const std::string live = publication_subject(name, place->topic, *place->key);
  check(live == subject || subject.starts_with("simws.arm.r."));
  check(subject.ends_with(live.substr(std::string_view("simws.arm.t").size())));
}

void check_encoding(std::string_view topic, std::string_view key) {
  if (!check_topic(topic) || !check_key(key)) return;
  for (const std::string& subject :
       {publication_subject(name, topic, key), retained_subject(name, 3, topic, key)}) {
    const auto place = decode_subject(name, subject);
    check(place && place->topic == topic);
    check(is_digested(key) ? has_digest(key, place->digest) : place->key == key);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(fuzz::to_bytes(data, size));
  check_decoding(text);
  check_decoding("simws.arm.t." + std::string(text));
  (void)decode_inbound_subject(name, text);
  const std::size_t line = std::min(text.find('\n'), text.size());
  check_encoding(text.substr(0, line), text.substr(std::min(line + 1, text.size())));
  return 0;
}
