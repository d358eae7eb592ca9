// `import simWS` in Python.
#include "base/descriptors.h"
#include "bindings/python/module/module_binding.h"
#include "bindings/python/python_module.h"

#include <exception>
#include <memory>

namespace {

using simws::python::binding_of;
using simws::python::imported;
using simws::python::ModuleBinding;
using simws::python::ModuleState;
using simws::python::Object;

PyObject* end(PyObject* module, PyObject*) {
  const auto& state = *static_cast<const ModuleState*>(PyModule_GetState(module));
  static_cast<ModuleBinding&>(binding_of(state)).end();
  return Object::share(Py_None).release();
}

PyMethodDef end_method = {"end", end, METH_NOARGS, nullptr};

bool end_with_program(PyObject* module) {
  const Object function = Object::take(PyCFunction_NewEx(&end_method, module, nullptr));
  const Object add = function ? imported("atexit", "register") : Object();
  return add && Object::take(PyObject_CallFunctionObjArgs(add.get(), function.get(), nullptr));
}

// Callbacks, signals and the network belong to one interpreter.
bool is_main_interpreter() {
  if (PyInterpreterState_GetID(PyInterpreterState_Get()) == 0) return true;
  PyErr_SetString(PyExc_ImportError,
                  "simWS can't be imported in a sub-interpreter; import it in the main one, and "
                  "have sub-interpreters hand it what they want to send");
  return false;
}

int execute(PyObject* module) {
  try {
    if (!is_main_interpreter()) return -1;
    const bool is_filled = PyModule_AddStringConstant(module, "__version__", SIMWS_VERSION) == 0 &&
                           simws::python::fill_module(module, std::make_unique<ModuleBinding>()) &&
                           end_with_program(module);
    return is_filled ? 0 : -1;
  } catch (const std::exception& failure) {
    PyErr_SetString(PyExc_ImportError, failure.what());
    return -1;
  }
}

PyModuleDef_Slot slots[] = {{Py_mod_exec, reinterpret_cast<void*>(execute)}, {0, nullptr}};

PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    "simWS",
    simws::python::module_doc,
    sizeof(ModuleState),
    nullptr,
    slots,
    nullptr,
    nullptr,
    simws::python::free_module,
};

}  // namespace

PyMODINIT_FUNC PyInit_simWS() {
  simws::open_standard_descriptors();
  return PyModuleDef_Init(&definition);
}
