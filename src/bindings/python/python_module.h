// The module `simWS` of a Python interpreter.
#pragma once

#include "bindings/python/python_engine.h"
#include "bindings/python/python_object.h"
#include "script/api.h"
#include "script/function_table.h"

#include <memory>
#include <vector>

namespace simws::python {

// What the functions of a module work on. Lives as long as the module does, so it must know when
// its servers are gone.
class Binding {
 public:
  virtual ~Binding() = default;

  // Before each call. Null: it can't be now, and an exception is set that names the function.
  virtual script::Api* enter(const script::FunctionRow& row) = 0;
  // After it.
  virtual void leave() {}
  // REQUIRES: between `enter` and `leave`.
  virtual PythonEngine& engine() = 0;

  // simWS.Error.
  PyObject* error_type() const { return error_type_.get(); }
  void set_error_type(Object type) { error_type_ = std::move(type); }

 private:
  Object error_type_;
};

// The module's own memory, which Python zeroes: a definition of a module has this size, and
// `free_module` for m_free.
struct ModuleState {
  struct Content;
  Content* content;
};

// Adds all functions and constants to a module named simWS that has a ModuleState. False: an
// exception is set.
bool fill_module(PyObject* module, std::unique_ptr<Binding> binding);
void free_module(void* module);
// REQUIRES: the module has been filled.
Binding& binding_of(const ModuleState& module);

// The same for a new module, for programs that embed the interpreter. None: an exception is set.
Object make_module(std::unique_ptr<Binding> binding);

extern const char* const module_doc;

}  // namespace simws::python
