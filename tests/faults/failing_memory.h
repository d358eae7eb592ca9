// Memory that runs out when a test says so: this program's operator new.
#pragma once

#include <cstddef>

namespace simws::faults {

// How long memory is out, once it is.
enum class Outage { once, rest_of_call };

// The `n`th allocation from now on that is made in an Armed scope fails (1: the next); 0: none.
// `rest_of_call`: so do those that follow, until the outermost Armed scope ends.
void fail_allocation(std::size_t n, Outage outage = Outage::once);
// One has failed since.
bool has_failed();

// Allocations under way: not freed.
std::size_t live_allocations();

// For as long as it lives allocations may fail, or may not. The innermost one counts; outside of
// any none fails.
class Scope {
 public:
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 protected:
  explicit Scope(bool armed);
  ~Scope();

 private:
  bool before_;
};
struct Armed : Scope {
  Armed() : Scope(true) {}
};
struct Spared : Scope {
  Spared() : Scope(false) {}
};

}  // namespace simws::faults
