#include "transport/loop.h"

#ifndef _WIN32
#include <csignal>
#endif

#include <utility>

namespace simws::transport {

#ifdef _WIN32

std::thread start_thread(Task body) { return std::thread(std::move(body)); }

#else

// A new thread inherits its maker's mask.
std::thread start_thread(Task body) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::move(body));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

#endif

}  // namespace simws::transport
