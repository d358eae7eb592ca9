#include "cases.h"

#include <iterator>

namespace simws::conformance {

Cases all_cases() {
  Cases all;
  for (Cases (*group)() : {framing_cases, control_cases, reserved_cases, fragmentation_cases,
                           utf8_cases, close_cases, limit_cases}) {
    Cases cases = group();
    all.insert(all.end(), std::move_iterator(cases.begin()), std::move_iterator(cases.end()));
  }
  return all;
}

}  // namespace simws::conformance
