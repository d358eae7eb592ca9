// What a simulation has set for its topics, as anybody may have written it: what is read of it is
// written so that it's read again as it was.
#include "check.h"
#include "protocol/broker/topic_settings.h"

using namespace simws;
using namespace simws::protocol;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto settings = parse_topic_settings(as_text(fuzz::to_bytes(data, size)));
  if (!settings) return 0;
  check(settings->size() <= most_topic_settings);
  const auto text = topic_settings_text(*settings);
  if (!text) return 0;  // written it may be longer
  check(parse_topic_settings(*text) == settings);
  return 0;
}
