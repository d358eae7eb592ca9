#include "base/thread.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>

#include <csignal>
#endif

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

void start_unawaited_thread(std::function<void()> body) {
  stay_loaded();
  start_thread(std::move(body)).detach();
}

}  // namespace simws
