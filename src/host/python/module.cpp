// The Python half of the program `simws`: a module that simws_host.py imports.
#include "host/program.h"
#include "host/python/python_script.h"
#include "host/script_host.h"

#include <exception>
#include <memory>
#include <string>
#include <vector>

namespace {

using simws::host::RunOptions;
using simws::python::Object;

struct Done {
  int exit_code = 0;
  bool is_thread_lost = false;
};

// Network threads never hold the interpreter's lock, and the last messages leave without it.
void drain(std::unique_ptr<simws::dispatch::Network> network) {
  Py_BEGIN_ALLOW_THREADS;
  network.reset();
  Py_END_ALLOW_THREADS;
}

Done run_script(const RunOptions& options, PyObject* make_script) {
  auto network = std::make_unique<simws::dispatch::Network>();
  Done done;
  {
    simws::host::Simulation simulation(options);
    simws::host::PythonScript script(simulation, make_script);
    simws::host::ScriptHost host(options, *network, simulation, script);
    done.exit_code = host.run();
    done.is_thread_lost = script.is_thread_lost();
  }
  drain(std::move(network));
  return done;
}

// The texts of a list as the command line has them. Less than it has: an exception is set.
std::vector<std::string> texts_of(PyObject* list) {
  std::vector<std::string> texts;
  for (Py_ssize_t i = 0; i < PyList_Size(list); ++i) {
    const Object bytes = Object::take(PyUnicode_EncodeFSDefault(PyList_GetItem(list, i)));
    if (!bytes) break;
    texts.emplace_back(PyBytes_AsString(bytes.get()));
  }
  return texts;
}

// (arguments, make_script) -> the exit code, and whether a thread goes on that can't be ended.
PyObject* run(PyObject*, PyObject* given) {
  PyObject* arguments = nullptr;
  PyObject* make_script = nullptr;
  if (PyArg_ParseTuple(given, "O!O", &PyList_Type, &arguments, &make_script) == 0) return nullptr;
  const std::vector<std::string> texts = texts_of(arguments);
  if (PyErr_Occurred()) return nullptr;
  std::vector<const char*> argv;
  for (const std::string& text : texts) argv.push_back(text.c_str());
  try {
    Done done;
    done.exit_code = simws::host::run_program(static_cast<int>(argv.size()), argv.data(),
                                              [&](const RunOptions& options) {
                                                done = run_script(options, make_script);
                                                return done.exit_code;
                                              });
    return Py_BuildValue("iN", done.exit_code, PyBool_FromLong(done.is_thread_lost));
  } catch (const std::exception& failure) {
    PyErr_SetString(PyExc_RuntimeError, failure.what());
    return nullptr;
  }
}

PyMethodDef functions[] = {{"main", run, METH_VARARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};

PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    "_simws_host",
    nullptr,
    -1,
    functions,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

}  // namespace

PyMODINIT_FUNC PyInit__simws_host() {
  return PyModule_Create(&definition);
}
