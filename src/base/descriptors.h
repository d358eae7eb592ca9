// What a process must have open.
#pragma once

namespace simws {

// Opens those of the descriptors 0, 1 and 2 that are closed, on /dev/null. Otherwise a socket or
// file that is opened later becomes standard output, and gets what is printed. For programs, and
// for modules when they're loaded: first thing, before others open files.
void open_standard_descriptors();

}  // namespace simws
