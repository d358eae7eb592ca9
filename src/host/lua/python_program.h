// Python scripts, which Python's own program runs.
#pragma once

#include <string>

namespace simws::host {

// Goes on as `python3`, with this program's arguments, in what is built for that beside this
// program. Returns only when that can't be, and says why and what to do.
std::string become_python(char** argv);

}  // namespace simws::host
