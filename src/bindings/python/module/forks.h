// Forks of this process.
#pragma once

namespace simws::python {

// How often this process has been forked off another since the first call of this function in any
// of them. Costs next to nothing.
int fork_count();

}  // namespace simws::python
