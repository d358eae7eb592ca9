#include "host/python/modules.h"

#include "bindings/python/exceptions.h"
#include "bindings/python/python_values.h"
#include "host/sim_functions.h"
#include "script/arguments.h"

#include <exception>
#include <string>

namespace simws::host {

namespace {

using python::Object;
using script::Value;

struct Bound {
  std::shared_ptr<HostBinding> binding;
  const SimFunction* function = nullptr;  // null: one for simws_host.py
  std::string name{};
  PyMethodDef definition{};
};

Bound& bound_to(PyObject* self) {
  return *static_cast<Bound*>(PyCapsule_GetPointer(self, nullptr));
}

HostBinding& binding_of(PyObject* self) {
  return *bound_to(self).binding;
}

PyObject* none() {
  return Object::share(Py_None).release();
}

// Adds a function to the module which finds `binding` by its first argument. False: an exception is
// set.
bool add_function(PyObject* module, std::unique_ptr<Bound> bound, PyCFunction called, int flags) {
  bound->definition = {bound->name.c_str(), called, flags, nullptr};
  const Object holder = Object::take(
      PyCapsule_New(bound.get(), nullptr, [](PyObject* capsule) { delete &bound_to(capsule); }));
  if (!holder) return false;
  Bound& kept = *bound.release();
  const Object function = Object::take(PyCFunction_NewEx(&kept.definition, holder.get(), nullptr));
  return function && PyObject_SetAttrString(module, kept.name.c_str(), function.get()) == 0;
}

Result<Value> call_checked(const Bound& bound, PyObject* const* objects, std::size_t given,
                           python::Borrowed& borrowed) {
  Simulation* const simulation = bound.binding->simulation();
  if (!simulation) {
    return Error{ErrorCode::invalid_state,
                 bound.function->signature.full_name() + ": the script has ended"};
  }
  const auto& parameters = bound.function->signature.parameters;
  script::ArgumentList arguments;
  for (std::size_t i = 0; i < given && i < parameters.size(); ++i) {
    arguments.add([&] { return python::to_value(objects[i], parameters[i].type, borrowed); });
  }
  const SimCaller caller{bound.binding->may_wait(), script::python_words()};
  return call_sim_function(*bound.function, *simulation, caller, given, arguments.values());
}

PyObject* call_sim(PyObject* self, PyObject* const* objects, Py_ssize_t count) {
  python::Borrowed borrowed;
  try {
    const auto result =
        call_checked(bound_to(self), objects, static_cast<std::size_t>(count), borrowed);
    if (result) return python::to_object(*result).release();
    python::raise(result.error(), PyExc_RuntimeError);
  } catch (const std::exception& failure) {
    PyErr_SetString(PyExc_RuntimeError, failure.what());
  }
  return nullptr;
}

PyObject* adopt_thread(PyObject* self, PyObject*) {
  binding_of(self).adopt_thread();
  return none();
}

PyObject* interrupt_thread(PyObject* self, PyObject* ident) {
  binding_of(self).interrupt_thread(PyLong_AsUnsignedLong(ident));
  return none();
}

PyObject* has_interrupted(PyObject* self, PyObject*) {
  return PyBool_FromLong(binding_of(self).has_interrupted());
}

PyObject* note_fork(PyObject* self, PyObject*) {
  binding_of(self).note_fork();
  return none();
}

PyObject* is_forked(PyObject* self, PyObject*) {
  return PyBool_FromLong(binding_of(self).is_forked());
}

}  // namespace

Object make_sim_module(const std::shared_ptr<HostBinding>& binding) {
  Object module = Object::take(PyModule_New("sim"));
  for (const SimFunction& function : sim_functions()) {
    auto bound = std::make_unique<Bound>(Bound{binding, &function});
    bound->name = function.signature.name;
    const auto called = reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(call_sim));
    if (!module || !add_function(module.get(), std::move(bound), called, METH_FASTCALL)) return {};
  }
  for (const auto& [name, value] : sim_constants()) {
    if (PyModule_AddIntConstant(module.get(), name, value) != 0) return {};
  }
  return module;
}

Object make_host_module(const std::shared_ptr<HostBinding>& binding) {
  struct Function {
    const char* name;
    PyCFunction called;
    int flags;
  };
  constexpr Function functions[] = {{"adopt_thread", adopt_thread, METH_NOARGS},
                                    {"interrupt_thread", interrupt_thread, METH_O},
                                    {"has_interrupted", has_interrupted, METH_NOARGS},
                                    {"note_fork", note_fork, METH_NOARGS},
                                    {"is_forked", is_forked, METH_NOARGS}};
  Object module = Object::take(PyModule_New("simws_host"));
  for (const Function& function : functions) {
    auto bound = std::make_unique<Bound>(Bound{binding});
    bound->name = function.name;
    if (!module || !add_function(module.get(), std::move(bound), function.called, function.flags)) {
      return {};
    }
  }
  return module;
}

}  // namespace simws::host
