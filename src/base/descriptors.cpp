#include "base/descriptors.h"

#ifndef _WIN32

#include <fcntl.h>
#include <unistd.h>

namespace simws {

// The system gives the lowest number that is free; another thread may have been quicker.
void open_standard_descriptors() {
  for (int number = STDIN_FILENO; number <= STDERR_FILENO; ++number) {
    if (fcntl(number, F_GETFD) >= 0) continue;
    const int opened = open("/dev/null", O_RDWR);
    if (opened > STDERR_FILENO) close(opened);
  }
}

namespace {

// What is written then may wait.
bool let_wait(int descriptor) noexcept {
  const int flags = fcntl(descriptor, F_GETFL);
  return flags >= 0 && fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) == 0;
}

}  // namespace

std::FILE* create_file(const char* path) noexcept {
  const int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0666);
  if (descriptor < 0) return nullptr;
  std::FILE* const file = let_wait(descriptor) ? fdopen(descriptor, "wb") : nullptr;
  if (!file) close(descriptor);
  return file;
}

}  // namespace simws

#else

namespace simws {

// The C library keeps these numbers for itself.
void open_standard_descriptors() {}

std::FILE* create_file(const char* path) noexcept {
  return std::fopen(path, "wbN");
}

}  // namespace simws

#endif
