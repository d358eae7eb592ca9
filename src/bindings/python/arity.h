// How many positional arguments callables take.
#pragma once

#include "bindings/python/python_object.h"

#include <array>
#include <cstddef>

namespace simws::python {

// As the module `inspect` knows it: without `self` of bound methods, without what a partial object
// fills in, as many as there are for `*args`; 0 for what doesn't say, with an exception set.
std::size_t arity_of(PyObject* callable);

// Remembers the latest callables that weak references can be had to, and keeps none of them alive.
// For names, which may stand for another function each time.
class ArityCache {
 public:
  std::size_t of(PyObject* callable);

 private:
  struct Entry {
    PyObject* function = nullptr;  // for comparing: it may be gone
    Object reference;              // a weak one to it
    bool is_bound = false;
    std::size_t arity = 0;
  };

  bool is_bound_method(PyObject* callable);

  std::array<Entry, 16> entries_;
  std::size_t next_ = 0;
  Object method_type_;
};

}  // namespace simws::python
