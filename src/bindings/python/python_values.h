// Values as Python's objects.
#pragma once

#include "bindings/python/python_object.h"
#include "script/function_table.h"
#include "script/value.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace simws::python {

// What values of one call are borrowed from: buffers of objects, and names of types.
class Borrowed {
 public:
  Borrowed() = default;
  ~Borrowed() { clear(); }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;

  // The bytes of an object that has some: data, or what it is that can't be sent; nil: it has
  // none. No exception stays set.
  script::Value bytes_of(PyObject* object);
  std::string_view type_name(PyObject* object);
  // None: null, and no exception stays set.
  PyObject* keep(Object object);
  // Counts those that are kept.
  script::ValueRoom& room() { return room_; }
  void release_buffers();
  void clear();

 private:
  std::array<Py_buffer, script::max_parameters> buffers_;
  std::size_t count_ = 0;
  std::vector<Object> objects_;
  script::ValueRoom room_;
};

// What an object with several natures is taken for.
struct Wanted {
  Wanted(script::Type wanted) : type(wanted) {}
  Wanted(const script::Parameter& parameter) : type(parameter.type), options(parameter.keys) {}

  script::Type type;
  std::span<const script::OptionRow> (*options)() = nullptr;  // of a map of options
};

// Runs no code of the script but that of numbers, mappings and sequences that aren't Python's own,
// and leaves no exception set. A function's key is the object; data lives as long as `borrowed`,
// and the object.
script::Value to_value(PyObject* object, Wanted wanted, Borrowed& borrowed);

// None, with an exception set, when memory runs out. Binary data becomes bytes, any other text.
Object to_object(const script::Value& value);

}  // namespace simws::python
