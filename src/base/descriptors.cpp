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

}  // namespace simws

#else

namespace simws {

// The C library keeps these numbers for itself.
void open_standard_descriptors() {}

}  // namespace simws

#endif
