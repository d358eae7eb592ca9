// Python's C API, and references that are released by themselves.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <utility>

namespace simws::python {

// A reference to an object, or none. All but the empty one need the interpreter's lock.
class Object {
 public:
  Object() = default;
  // Takes over a new reference; null: none.
  static Object take(PyObject* object) { return Object(object); }
  static Object share(PyObject* object) {
    Py_XINCREF(object);
    return Object(object);
  }
  ~Object() { Py_XDECREF(object_); }
  Object(const Object& other) : object_(other.object_) { Py_XINCREF(object_); }
  Object(Object&& other) noexcept : object_(other.release()) {}
  Object& operator=(Object other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }

  PyObject* get() const { return object_; }
  PyObject* release() { return std::exchange(object_, nullptr); }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  explicit Object(PyObject* object) : object_(object) {}

  PyObject* object_ = nullptr;
};

// An attribute; none, with no exception set, when there is none.
Object attribute(PyObject* object, const char* name);
// What a module has by that name; none, with an exception set, when it fails.
Object imported(const char* module, const char* name);

}  // namespace simws::python
