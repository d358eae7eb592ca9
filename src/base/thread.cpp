#include "base/thread.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>

#include <csignal>
#endif

#ifdef __linux__
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <cstdint>
#include <utility>

namespace simws {
namespace {

#ifdef _WIN32

void stay_loaded() {
  HMODULE self = nullptr;
  ::GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                       reinterpret_cast<LPCWSTR>(&stay_loaded), &self);
}

#else

#ifdef __linux__

// As sched_setattr(2) has it; its header and the C library's exclude each other.
struct SchedulingAttributes {
  std::uint32_t size = sizeof(SchedulingAttributes);
  std::uint32_t policy = 0;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0;  // nanoseconds
  std::uint64_t deadline = 0;
  std::uint64_t period = 0;
};

#endif

void stay_loaded() {
  Dl_info self{};
  if (::dladdr(reinterpret_cast<void*>(&stay_loaded), &self) == 0) return;
  ::dlopen(self.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

// For as long as it lives, this thread takes no signals.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_;
};

#endif

}  // namespace

// A new thread inherits its maker's mask, where there is one.
std::thread start_thread(std::function<void()> body) {
#ifndef _WIN32
  const BlockedSignals blocked;
#endif
  return std::thread(std::move(body));
}

// The scheduler serves whose turn would end first, and a short one ends soon.
void prefer_short_turns() {
#ifdef __linux__
  constexpr std::uint64_t shortest = 100'000;
  SchedulingAttributes attributes;
  if (::syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0) return;
  const bool is_fair = attributes.policy == SCHED_OTHER || attributes.policy == SCHED_BATCH;
  if (!is_fair) return;
  attributes.runtime = shortest;
  ::syscall(SYS_sched_setattr, 0, &attributes, 0);
#endif
}

void start_unawaited_thread(std::function<void()> body) {
  stay_loaded();
  start_thread(std::move(body)).detach();
}

}  // namespace simws
