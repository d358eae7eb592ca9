// The types of the Python module, made from the table.
#pragma once

#include <string>

namespace simws::script {

// The content of simWS/__init__.pyi.
std::string python_stubs();

}  // namespace simws::script
