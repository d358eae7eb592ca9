#include "bindings/python/python_object.h"

#include "bindings/python/exceptions.h"

namespace simws::python {

Object attribute(PyObject* object, const char* name) {
  Object found = Object::take(PyObject_GetAttrString(object, name));
  if (!found) forget_exception();
  return found;
}

Object imported(const char* module, const char* name) {
  const Object found = Object::take(PyImport_ImportModule(module));
  return found ? Object::take(PyObject_GetAttrString(found.get(), name)) : Object();
}

}  // namespace simws::python
