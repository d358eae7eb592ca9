#include "bindings/python/arity.h"

#include <limits>

namespace simws::python {

namespace {

constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

// In the order of inspect.Parameter's kinds.
enum Kind : long { positional_only, positional_or_keyword, var_positional };

Object parameters_of(PyObject* callable) {
  const Object signature = imported("inspect", "signature");
  const Object found = Object::take(
      signature ? PyObject_CallFunctionObjArgs(signature.get(), callable, nullptr) : nullptr);
  const Object parameters =
      Object::take(found ? PyObject_GetAttrString(found.get(), "parameters") : nullptr);
  const Object values =
      Object::take(parameters ? PyObject_GetAttrString(parameters.get(), "values") : nullptr);
  const Object list = Object::take(values ? PyObject_CallObject(values.get(), nullptr) : nullptr);
  return Object::take(list ? PySequence_Tuple(list.get()) : nullptr);
}

}  // namespace

std::size_t arity_of(PyObject* callable) {
  const Object parameters = parameters_of(callable);
  if (!parameters) return 0;
  std::size_t count = 0;
  for (Py_ssize_t i = 0; i < PyTuple_Size(parameters.get()); ++i) {
    const Object kind = attribute(PyTuple_GetItem(parameters.get(), i), "kind");
    const long number = kind ? PyLong_AsLong(kind.get()) : -1;
    if (number == var_positional) return any_number;
    if (number == positional_only || number == positional_or_keyword) ++count;
  }
  return count;
}

std::size_t ArityCache::of(PyObject* callable) {
  for (const Entry& entry : entries_) {
    if (entry.callable.get() == callable) return entry.arity;
  }
  const std::size_t arity = arity_of(callable);
  Entry& entry = entries_[next_++ % entries_.size()];
  entry.callable = Object::share(callable);
  entry.arity = arity;
  return arity;
}

}  // namespace simws::python
