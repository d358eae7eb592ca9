// A byte of settings and one that says which operation of the network fails, then a script of what
// the servers do that a client comes to, and its application. The client tells its connections in
// contract order, sends nothing that a server can't read, and forgets nothing when it stops; where
// nothing fails, however the servers' bytes come, it tells and sends the same.
#include "played_server.h"

#include <algorithm>

using namespace simws;

namespace {

constexpr std::size_t most_cuts = 24;

fuzz::Words play(const fuzz::Settings& settings, const fuzz::Steps& steps, fuzz::Cut cut) {
  fuzz::PlayedWorld world(settings, cut);
  world.play(steps);
  return world.end();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 4096) return 0;
  const fuzz::Settings settings{data[0], data[1]};
  const fuzz::Steps steps = fuzz::parse_steps(as_text(fuzz::to_bytes(data + 2, size - 2)));
  const fuzz::Words whole = play(settings, steps, {});
  if (settings.failing_operation != 0) return 0;
  fuzz::check(play(settings, steps, {.every = 1}) == whole);
  const std::size_t stride = std::max<std::size_t>(1, size / most_cuts);
  for (std::size_t at = 1 + size % stride; at < size; at += stride) {
    fuzz::check(play(settings, steps, {.at = at}) == whole);
  }
  return 0;
}
