#include "bindings/python/arity.h"

#include "bindings/python/exceptions.h"

#include <limits>
#include <utility>

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

// What lies where something else lay that has gone is not the same.
bool is_alive(const Object& reference) {
  const Object referent = Object::take(PyObject_CallObject(reference.get(), nullptr));
  return referent && referent.get() != Py_None;
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

// A bound method is a new object each time it's looked up; its function is the same.
std::size_t ArityCache::of(PyObject* callable) {
  const bool is_bound = is_bound_method(callable);
  const Object function = is_bound ? attribute(callable, "__func__") : Object::share(callable);
  for (const Entry& entry : entries_) {
    const bool is_same = entry.function == function.get() && entry.is_bound == is_bound;
    if (is_same && is_alive(entry.reference)) return entry.arity;
  }
  Object reference = Object::take(PyWeakref_NewRef(function.get(), nullptr));
  if (!reference) forget_exception();
  const std::size_t arity = arity_of(callable);
  if (reference) {
    entries_[next_++ % entries_.size()] = {function.get(), std::move(reference), is_bound, arity};
  }
  return arity;
}

bool ArityCache::is_bound_method(PyObject* callable) {
  if (!method_type_) method_type_ = imported("types", "MethodType");
  forget_exception();
  return reinterpret_cast<PyObject*>(Py_TYPE(callable)) == method_type_.get();
}

}  // namespace simws::python
