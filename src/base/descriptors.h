// What a process must have open, and how it opens files.
#pragma once

#include <cstdio>

namespace simws {

// Opens those of the descriptors 0, 1 and 2 that are closed, on /dev/null. Otherwise a socket or
// file that is opened later becomes standard output, and gets what is printed. For programs, and
// for modules when they're loaded: first thing, before others open files.
void open_standard_descriptors();

// For writing; what is there is emptied. Programs that are started don't inherit it. A named pipe
// that nobody reads isn't waited for: ENXIO. Null: errno says why.
std::FILE* create_file(const char* path) noexcept;

}  // namespace simws
