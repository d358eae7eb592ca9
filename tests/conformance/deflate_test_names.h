// How the tests of the cases of compression are called.
#pragma once

#include "deflate_cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>

namespace simws::conformance {

inline void PrintTo(const DeflateCase& each, std::ostream* out) {
  *out << each.number << ": " << each.description;
}

inline std::string deflate_test_name(const testing::TestParamInfo<DeflateCase>& info) {
  std::string name = info.param.number;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

}  // namespace simws::conformance
