// The program's clock. While it is frozen, the simulation's thread sees a monotonic clock that only
// `simhost_advance_clock` moves, so that a test can say how long a callback takes.
#pragma once

#include <cstdint>

extern "C" {
void simhost_freeze_clock();
void simhost_advance_clock(std::int64_t nanoseconds);
// What it was advanced by since it was frozen.
std::int64_t simhost_thaw_clock();
}
