#include "bindings/python/function_call.h"

#include "bindings/python/exceptions.h"
#include "script/arguments.h"
#include "script/describe.h"
#include "script/python_text.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

namespace simws::python {

namespace {

using script::max_parameters;
using script::Value;

constexpr std::size_t max_functions = 48;

class Call {
 public:
  Call(Binding& binding, const script::FunctionRow& row)
      : binding_(binding), api_(binding.enter(row)) {}
  ~Call() {
    if (api_) binding_.leave();
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  script::Api* api() const { return api_; }

 private:
  Binding& binding_;
  script::Api* const api_;
};

// The arguments by their places. Those that aren't given are null.
struct Places {
  std::array<PyObject*, max_parameters> objects{};
  std::size_t given = 0;
};

std::string text_of(PyObject* name) {
  const char* const text = PyUnicode_AsUTF8AndSize(name, nullptr);
  if (!text) forget_exception();
  return text ? text : "?";
}

Error wrong_keyword(const BoundFunction& function, PyObject* name, std::string_view what) {
  return {ErrorCode::invalid_type, "simWS." + function.name + ": argument " +
                                       script::quote(text_of(name)) + std::string(what) +
                                       script::python_synopsis(*function.row)};
}

Result<std::size_t> place_of(const BoundFunction& function, PyObject* name) {
  const std::size_t count = function.row->parameters.size();
  const auto& names = function.parameter_names;
  for (std::size_t i = 0; i < count; ++i) {
    if (names[i].get() == name) return i;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (PyUnicode_Compare(names[i].get(), name) == 0) return i;
  }
  const std::string text = text_of(name);
  for (std::size_t i = 0; i < count; ++i) {
    if (function.row->parameters[i].formerly == text) return i;
  }
  return wrong_keyword(function, name, " is unknown: ");
}

Result<void> place_keywords(const BoundFunction& function, Places& places, PyObject* const* values,
                            PyObject* names) {
  for (Py_ssize_t i = 0; i < PyTuple_Size(names); ++i) {
    PyObject* const name = PyTuple_GetItem(names, i);
    const auto place = place_of(function, name);
    if (!place) return place.error();
    if (places.objects[*place]) return wrong_keyword(function, name, " is given twice: ");
    places.objects[*place] = values[i];
    places.given = std::max(places.given, *place + 1);
  }
  for (std::size_t i = 0; i < script::Signature(*function.row).required(); ++i) {
    if (places.objects[i]) continue;
    return wrong_keyword(function, function.parameter_names[i].get(), " is missing: ");
  }
  return {};
}

PyObject* finish(Binding& binding, const Result<Value>& result) {
  PythonEngine& engine = binding.engine();
  engine.forget_released();
  if (engine.raise_exception()) return nullptr;
  if (result) return to_object(*result).release();
  raise(result.error(), binding.error_type());
  return nullptr;
}

// Not null.
Value argument_of(const PythonEngine& engine, PyObject* object, Wanted wanted, Borrowed& borrowed) {
  if (const auto* told = engine.told(object)) return {*told};
  return to_value(object, wanted, borrowed);
}

PyObject* call_api(Binding& binding, const BoundFunction& function, PyObject* const* objects,
                   std::size_t given) {
  const script::FunctionRow& row = *function.row;
  const Call call(binding, row);
  if (!call.api()) return nullptr;
  Borrowed borrowed;
  script::ArgumentList arguments;
  for (std::size_t i = 0; i < given && i < row.parameters.size(); ++i) {
    arguments.add([&] {
      if (!objects[i]) return Value{};
      return argument_of(binding.engine(), objects[i], row.parameters[i], borrowed);
    });
  }
  return finish(binding, call.api()->call(row, given, arguments.values()));
}

PyObject* call_with_keywords(Binding& binding, const BoundFunction& function,
                             PyObject* const* objects, std::size_t given, PyObject* names) {
  Places places;
  if (given > places.objects.size()) return call_api(binding, function, objects, given);
  std::copy(objects, objects + given, places.objects.begin());
  places.given = given;
  const auto placed = place_keywords(function, places, objects + given, names);
  if (placed) return call_api(binding, function, places.objects.data(), places.given);
  raise(placed.error(), binding.error_type());
  return nullptr;
}

PyObject* call_function(std::size_t index, PyObject* self, PyObject* const* objects,
                        Py_ssize_t count, PyObject* names) {
  ModuleState::Content& module = *static_cast<ModuleState*>(PyModule_GetState(self))->content;
  const BoundFunction& function = module.functions[index];
  try {
    const auto given = static_cast<std::size_t>(count);
    return names ? call_with_keywords(*module.binding, function, objects, given, names)
                 : call_api(*module.binding, function, objects, given);
  } catch (const std::bad_alloc&) {
    return PyErr_NoMemory();
  } catch (const std::exception& failure) {
    raise({ErrorCode::unavailable, "simWS." + function.name + ": " + failure.what()},
          module.binding->error_type());
    return nullptr;
  }
}

using Function = PyObject* (*)(PyObject*, PyObject* const*, Py_ssize_t, PyObject*);

template <std::size_t... indices>
constexpr std::array<Function, sizeof...(indices)> make_functions(std::index_sequence<indices...>) {
  return {[](PyObject* self, PyObject* const* objects, Py_ssize_t count, PyObject* names) {
    return call_function(indices, self, objects, count, names);
  }...};
}

constexpr auto functions = make_functions(std::make_index_sequence<max_functions>());

}  // namespace

PyCFunction function_at(std::size_t index) {
  if (index >= functions.size()) return nullptr;
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(functions[index]));
}

}  // namespace simws::python
