// Threads of the library's own.
#pragma once

#include <functional>
#include <thread>

namespace simws {

// A thread that no signal of the process is delivered to: those are the program's. Throws
// std::system_error when the system has none to give.
std::thread start_thread(std::function<void()> body);

// Asks the system to let this thread run soon after it's woken, for short turns, where others keep
// all processors busy. Needs no privilege; where the system can't (Linux can from 6.12 on), nothing
// happens.
void prefer_short_turns();

// Nobody waits for it, and it may outlive all else: so this code stays in memory from now on,
// should it be a library's that is unloaded. Throws as `start_thread`.
void start_unawaited_thread(std::function<void()> body);

}  // namespace simws
