// Three bytes of settings, then what a peer sends that has agreed on compression. The events are
// the same however it's portioned.
#include "session_events.h"

using namespace simws;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const auto flags = static_cast<std::uint8_t>(data[0] | fuzz::with_deflate);
  const fuzz::Settings settings{flags, data[1], data[2]};
  fuzz::events_of_any_portions(settings, fuzz::to_bytes(data + 3, size - 3));
  return 0;
}
