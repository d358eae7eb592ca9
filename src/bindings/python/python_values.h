// Values as Python's objects.
#pragma once

#include "bindings/python/python_object.h"
#include "script/function_table.h"
#include "script/value.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
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

  // The bytes of an object that has some in one piece. No exception stays set.
  std::optional<std::string_view> bytes_of(PyObject* object);
  std::string_view type_name(PyObject* object);
  // None: null, and no exception stays set.
  PyObject* keep(Object object);
  void release_buffers();
  void clear();

 private:
  std::array<Py_buffer, script::max_parameters> buffers_;
  std::size_t count_ = 0;
  std::vector<Object> objects_;
};

// Runs no code of the script but the conversions of numbers that aren't Python's own, and leaves no
// exception set. `wanted` decides what an object with several natures is. A function's key is the
// object; data lives as long as `borrowed`, and the object.
script::Value to_value(PyObject* object, script::Type wanted, Borrowed& borrowed);

// None, with an exception set, when memory runs out. Binary data becomes bytes, any other text.
Object to_object(const script::Value& value);

}  // namespace simws::python
