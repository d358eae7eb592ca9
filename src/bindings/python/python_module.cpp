#include "bindings/python/python_module.h"

#include "bindings/python/exceptions.h"
#include "bindings/python/function_call.h"
#include "script/python_text.h"

#include <string>
#include <utility>

namespace simws::python {

namespace {

using script::ConstantRow;

bool set(PyObject* module, const std::string& name, const Object& value) {
  return value && PyObject_SetAttrString(module, name.c_str(), value.get()) == 0;
}

// enum.IntEnum(group, members, module='simWS').
Object make_enum(const std::string& group) {
  const Object members = Object::take(PyDict_New());
  for (const ConstantRow& row : script::constants()) {
    if (!members || row.group != group) continue;
    const Object value = Object::take(PyLong_FromLong(row.value));
    const std::string name(row.name);
    if (!value || PyDict_SetItemString(members.get(), name.c_str(), value.get()) != 0) return {};
  }
  const Object int_enum = imported("enum", "IntEnum");
  const Object arguments =
      Object::take(members ? Py_BuildValue("(sO)", group.c_str(), members.get()) : nullptr);
  const Object keywords = Object::take(Py_BuildValue("{ss}", "module", "simWS"));
  if (!int_enum || !arguments || !keywords) return {};
  return Object::take(PyObject_Call(int_enum.get(), arguments.get(), keywords.get()));
}

// simWS.opcode.text, and by the names of the plugin simWS.opcode_text and simWS.sim_ws_opcode_text.
bool add_constants(PyObject* module) {
  for (const ConstantRow& row : script::constants()) {
    const std::string group(row.group);
    const std::string name(row.name);
    Object type = attribute(module, group.c_str());
    if (!type) type = make_enum(group);
    const Object member = type ? attribute(type.get(), name.c_str()) : Object();
    if (!member || !set(module, group, type) || !set(module, group + "_" + name, member) ||
        !set(module, "sim_ws_" + group + "_" + name, member)) {
      return false;
    }
  }
  return true;
}

bool describe(BoundFunction& function, const script::FunctionRow& row) {
  function.row = &row;
  function.name = row.name;
  // Python takes the first line for the signature, whose first parameter is the module.
  std::string signature = script::python_text_signature(row);
  signature.insert(1, row.parameters.empty() ? "$module" : "$module, ");
  function.doc = function.name + signature + "\n--\n\n" + script::python_docstring(row);
  for (std::size_t i = 0; i < row.parameters.size(); ++i) {
    const std::string name(row.parameters[i].name);
    function.parameter_names[i] = Object::take(PyUnicode_InternFromString(name.c_str()));
    if (!function.parameter_names[i]) return false;
  }
  return true;
}

bool add_functions(PyObject* module, ModuleState::Content& content) {
  const auto rows = script::functions();
  content.functions.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    BoundFunction& function = content.functions[i];
    if (!describe(function, rows[i])) return false;
    content.definitions.push_back({function.name.c_str(), function_at(i),
                                   METH_FASTCALL | METH_KEYWORDS, function.doc.c_str()});
  }
  content.definitions.push_back({nullptr, nullptr, 0, nullptr});
  return PyModule_AddFunctions(module, content.definitions.data()) == 0;
}

PyModuleDef embedded_definition = {
    PyModuleDef_HEAD_INIT,
    "simWS",
    module_doc,
    sizeof(ModuleState),
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    free_module,
};

}  // namespace

const char* const module_doc =
    "WebSocket server for simulations and robots.\n"
    "\n"
    "    import simWS\n"
    "\n"
    "    def on_message(server, connection, data):\n"
    "        simWS.send(server, connection, data)\n"
    "\n"
    "    server = simWS.start(9000)\n"
    "    simWS.setMessageHandler(server, on_message)\n"
    "    simWS.run()\n"
    "\n"
    "All functions belong to the thread that starts the servers, and callbacks run on it: inside\n"
    "simWS.run(), or inside simWS.poll() for programs with a loop of their own. The network has a\n"
    "thread besides, which never holds the interpreter's lock.";

bool fill_module(PyObject* module, std::unique_ptr<Binding> binding) {
  auto& state = *static_cast<ModuleState*>(PyModule_GetState(module));
  state.content = new ModuleState::Content{std::move(binding), {}, {}};
  Object error_type = make_error_type();
  if (!set(module, "Error", error_type)) return false;
  state.content->binding->set_error_type(std::move(error_type));
  return add_constants(module) && add_functions(module, *state.content);
}

void free_module(void* module) {
  auto* const state = static_cast<ModuleState*>(PyModule_GetState(static_cast<PyObject*>(module)));
  if (state) delete state->content;
}

Binding& binding_of(const ModuleState& module) {
  return *module.content->binding;
}

Object make_module(std::unique_ptr<Binding> binding) {
  Object module = Object::take(PyModule_Create(&embedded_definition));
  if (!module || !fill_module(module.get(), std::move(binding))) return {};
  return module;
}

}  // namespace simws::python
