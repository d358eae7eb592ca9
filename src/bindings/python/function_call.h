// The functions of the table as C functions that Python calls.
#pragma once

#include "bindings/python/python_module.h"
#include "script/function_table.h"

#include <array>
#include <string>
#include <vector>

namespace simws::python {

// One function of a module.
struct BoundFunction {
  const script::FunctionRow* row = nullptr;
  std::array<Object, script::max_parameters> parameter_names;
  std::string name;
  std::string doc;
};

struct ModuleState::Content {
  std::unique_ptr<Binding> binding;
  std::vector<BoundFunction> functions;  // as in the table
  std::vector<PyMethodDef> definitions;
};

// The function with this place in the table: METH_FASTCALL | METH_KEYWORDS, and `self` is a module
// with a ModuleState. Null: there are more functions than that.
PyCFunction function_at(std::size_t index);

}  // namespace simws::python
