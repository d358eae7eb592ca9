#include "clock.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace {

constexpr std::int64_t second = 1'000'000'000;

thread_local bool is_frozen = false;
thread_local std::int64_t frozen_at = 0;
thread_local std::int64_t advanced = 0;

int read_system_clock(clockid_t clock, timespec* time) {
  return static_cast<int>(syscall(SYS_clock_gettime, clock, time));
}

}  // namespace

// Stands before the C library's function of that name for everything this program loads.
extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  if (!is_frozen || clock != CLOCK_MONOTONIC) return read_system_clock(clock, time);
  const std::int64_t now = frozen_at + advanced;
  time->tv_sec = static_cast<time_t>(now / second);
  time->tv_nsec = static_cast<long>(now % second);
  return 0;
}

void simhost_freeze_clock() {
  timespec now = {};
  read_system_clock(CLOCK_MONOTONIC, &now);
  frozen_at = now.tv_sec * second + now.tv_nsec;
  advanced = 0;
  is_frozen = true;
}

void simhost_advance_clock(std::int64_t nanoseconds) {
  if (is_frozen) advanced += nanoseconds;
}

std::int64_t simhost_thaw_clock() {
  is_frozen = false;
  return advanced;
}
