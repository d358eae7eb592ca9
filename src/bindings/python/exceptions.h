// Python's exceptions and the errors of the table.
#pragma once

#include "bindings/python/python_object.h"

#include <simws/error.h>

#include <string>

namespace simws::python {

// The class simWS.Error; none, with an exception set, when memory runs out.
Object make_error_type();

// Sets the exception that stands for an error: TypeError and ValueError for wrong arguments,
// `error_type` for all else.
void raise(const Error& error, PyObject* error_type);

// To be called where the failure of code that may be Python's own doesn't matter: no exception is
// set any more. One that ends the program is raised again where the main thread next looks for
// signals and pending calls.
void forget_exception();

// An exception on its way, taken off the interpreter so that other code can run.
class Exception {
 public:
  Exception() = default;
  // The one that is set, which is cleared. Empty: none is.
  static Exception take();
  explicit operator bool() const { return static_cast<bool>(type_); }

  // KeyboardInterrupt or SystemExit, by which a program ends; all others are mere errors, as they
  // are in asyncio.
  bool ends_the_program() const { return type_ && is_end(type_.get()); }
  // Of an exception, or of its type.
  static bool is_end(PyObject* exception);
  // With its traceback, as Python prints it.
  std::string text() const;
  // The exception itself.
  PyObject* value() const { return value_.get(); }
  // Sets it again.
  void raise();

 private:
  Object type_;
  Object value_;
  Object traceback_;
};

}  // namespace simws::python
