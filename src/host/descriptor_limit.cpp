#include "host/descriptor_limit.h"

#include <sys/resource.h>

#include <algorithm>

namespace simws::host {

namespace {

// Where the hard limit is endless, programs that close all that they could have inherited would be
// busy for minutes.
constexpr rlim_t most = rlim_t{1} << 20;

}  // namespace

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = std::min(limit.rlim_max, most);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace simws::host
