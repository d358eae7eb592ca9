#include "bindings/python/python_values.h"

#include "base/fresh_memory.h"
#include "bindings/python/exceptions.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace simws::python {

namespace {

using script::Data;
using script::DataKind;
using script::Function;
using script::LargeInteger;
using script::List;
using script::Map;
using script::Opaque;
using script::Type;
using script::Value;

using Options = decltype(Wanted::options);

constexpr std::string_view too_much = "more than 10000 items";
static_assert(script::most_values == 10'000);

Value value_of(PyObject* object, Wanted wanted, Borrowed& borrowed, int depth);

bool is_a(PyObject* object, PyTypeObject& type) {
  return Py_IS_TYPE(object, &type);
}

std::string_view view_of_bytes(PyObject* object) {
  return {PyBytes_AsString(object), static_cast<std::size_t>(PyBytes_Size(object))};
}

std::optional<std::string_view> encoded(PyObject* text, const char* errors, Borrowed& borrowed) {
  PyObject* const bytes =
      borrowed.keep(Object::take(PyUnicode_AsEncodedString(text, "utf-8", errors)));
  return bytes ? std::optional(view_of_bytes(bytes)) : std::nullopt;
}

bool is_utf8(std::string_view bytes) {
  const bool is_text = static_cast<bool>(Object::take(
      PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), nullptr)));
  forget_exception();
  return is_text;
}

// A str that is no text, having lone surrogates, becomes bytes that are no UTF-8, so that whoever
// wants text says where it isn't: those that Python stands surrogates for, or their own. Data may
// be part of a message, so it has their own: no part of UTF-8 either.
std::string_view utf8_of(PyObject* text, Type wanted, Borrowed& borrowed) {
  Py_ssize_t length = 0;
  const char* const bytes = PyUnicode_AsUTF8AndSize(text, &length);
  if (bytes) return {bytes, static_cast<std::size_t>(length)};
  forget_exception();
  if (wanted != Type::data) {
    const auto escaped = encoded(text, "surrogateescape", borrowed);
    if (escaped && !is_utf8(*escaped)) return *escaped;
  }
  return encoded(text, "surrogatepass", borrowed).value_or(std::string_view());
}

Value text_value(PyObject* object, Type wanted, Borrowed& borrowed) {
  return script::data_value(utf8_of(object, wanted, borrowed), DataKind::text);
}

// Python writes no more than some thousand decimal digits.
Value large_integer_of(PyObject* object, Borrowed& borrowed) {
  PyObject* digits = borrowed.keep(Object::take(PyNumber_ToBase(object, 10)));
  if (!digits) digits = borrowed.keep(Object::take(PyNumber_ToBase(object, 16)));
  return {LargeInteger{digits ? utf8_of(digits, Type::text, borrowed) : "of more than 64 bits"}};
}

Value integer_of(PyObject* object, Borrowed& borrowed) {
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
  return overflow == 0 ? script::integer_value(number) : large_integer_of(object, borrowed);
}

// NumPy's comparisons give a truth of its own, that is neither bool nor a number. Nothing: it's no
// such.
std::optional<Value> numpy_bool_of(PyObject* object) {
  const Object name = Object::take(PyUnicode_FromString("numpy"));
  const Object numpy = Object::take(name ? PyImport_GetModule(name.get()) : nullptr);
  const Object type = numpy ? attribute(numpy.get(), "bool_") : Object();
  const bool is_one = type && PyObject_IsInstance(object, type.get()) == 1;
  const bool is_true = is_one && PyObject_IsTrue(object) == 1;
  forget_exception();
  if (!is_one) return std::nullopt;
  return Value{is_true};
}

// Numbers of other modules, such as NumPy's, whose conversions may be the script's own code: what
// is being read is copied before. Nothing: it's none.
std::optional<Value> number_of(PyObject* object, Borrowed& borrowed) {
  if (PyIndex_Check(object)) {
    const Object index = Object::take(PyNumber_Index(object));
    if (index) return integer_of(index.get(), borrowed);
    forget_exception();
  }
  if (PyNumber_Check(object) == 0) return std::nullopt;
  const double number = PyFloat_AsDouble(object);
  if (!PyErr_Occurred()) return Value{number};
  forget_exception();
  return std::nullopt;
}

// The type of what a map of options has by that name.
Type type_of(std::string_view key, Options options) {
  if (!options) return Type::text;
  const auto rows = options();
  const auto row = std::ranges::find(rows, key, &script::OptionRow::name);
  return row == rows.end() ? Type::text : row->type;
}

// What iterating gives, taken before one of it is read. Nothing: it can't be iterated, or the room
// is used up.
std::optional<std::vector<PyObject*>> items_of(PyObject* iterable, Borrowed& borrowed) {
  std::vector<PyObject*> items;
  const Object iterator = Object::take(PyObject_GetIter(iterable));
  while (iterator && borrowed.room().take(1)) {
    Object item = Object::take(PyIter_Next(iterator.get()));
    if (!item && !PyErr_Occurred()) return items;
    if (!item) break;
    items.push_back(borrowed.keep(std::move(item)));
  }
  forget_exception();
  return std::nullopt;
}

Value no_items(PyObject* container, Borrowed& borrowed) {
  if (borrowed.room().is_used_up()) return {Opaque{too_much}};
  return {Opaque{borrowed.type_name(container)}};
}

// Of any mapping.
Value map_value(PyObject* mapping, Options options, Borrowed& borrowed, int depth) {
  if (depth == script::deepest_nesting) return {Opaque{"deeply nested dict"}};
  const Object method = attribute(mapping, "items");
  const Object view = Object::take(method ? PyObject_CallNoArgs(method.get()) : nullptr);
  forget_exception();
  const auto items = view ? items_of(view.get(), borrowed) : std::nullopt;
  if (!items) return no_items(mapping, borrowed);
  Map map;
  map.reserve(items->size());
  for (PyObject* const item : *items) {
    const bool is_pair = PyTuple_Check(item) && PyTuple_Size(item) == 2;
    if (!is_pair || !PyUnicode_Check(PyTuple_GetItem(item, 0))) {
      return {Opaque{"dict with keys that are no strings"}};
    }
    std::string key(utf8_of(PyTuple_GetItem(item, 0), Type::text, borrowed));
    const Wanted wanted{type_of(key, options)};
    map.push_back(
        {std::move(key), value_of(PyTuple_GetItem(item, 1), wanted, borrowed, depth + 1)});
  }
  return {std::move(map)};
}

Value sequence_value(PyObject* sequence, Borrowed& borrowed, int depth) {
  if (depth == script::deepest_nesting) return {Opaque{"deeply nested list"}};
  const auto items = items_of(sequence, borrowed);
  if (!items) return no_items(sequence, borrowed);
  List list;
  list.reserve(items->size());
  for (PyObject* const item : *items) {
    list.push_back(value_of(item, {Type::text}, borrowed, depth + 1));
  }
  return {std::move(list)};
}

// In the words of the module struct, with names of fields between colons: O is a pointer.
bool holds_objects(const char* format) {
  bool is_name = false;
  for (; *format != '\0'; ++format) {
    if (*format == ':') is_name = !is_name;
    if (*format == 'O' && !is_name) return true;
  }
  return false;
}

// As Python's own collections say it: whatever can be indexed may go on for ever.
bool is_sequence(PyObject* object) {
  if (PyObject_CheckBuffer(object) != 0) return false;
  const Object sequence = imported("collections.abc", "Sequence");
  const bool is_one = sequence && PyObject_IsInstance(object, sequence.get()) == 1;
  forget_exception();
  return is_one;
}

Value function_value(PyObject* callable) {
  return {Function{reinterpret_cast<std::intptr_t>(callable)}};
}

// What is rare enough not to be looked for first.
Value other_value(PyObject* object, Wanted wanted, Borrowed& borrowed, int depth) {
  if (wanted.type == Type::callback && PyCallable_Check(object) != 0) return function_value(object);
  if (PyUnicode_Check(object)) return text_value(object, wanted.type, borrowed);
  if (PyBytes_Check(object)) return script::data_value(view_of_bytes(object), DataKind::binary);
  if (PyLong_Check(object)) return integer_of(object, borrowed);
  if (PyFloat_Check(object)) return {PyFloat_AsDouble(object)};
  if (PyDict_Check(object)) return map_value(object, wanted.options, borrowed, depth);
  if (PyList_Check(object) || PyTuple_Check(object)) return sequence_value(object, borrowed, depth);
  if (wanted.type == Type::map && PyMapping_Check(object) != 0) {
    return map_value(object, wanted.options, borrowed, depth);
  }
  if (wanted.type == Type::texts && is_sequence(object)) {
    return sequence_value(object, borrowed, depth);
  }
  if (wanted.type == Type::data) {
    Value bytes = borrowed.bytes_of(object);
    if (!bytes.is_nil()) return bytes;
  } else if (const auto truth = numpy_bool_of(object)) {
    return *truth;
  } else if (const auto number = number_of(object, borrowed)) {
    return *number;
  }
  if (PyCallable_Check(object) != 0) return function_value(object);
  return {Opaque{borrowed.type_name(object)}};
}

Value value_of(PyObject* object, Wanted wanted, Borrowed& borrowed, int depth) {
  if (is_a(object, PyUnicode_Type)) return text_value(object, wanted.type, borrowed);
  if (is_a(object, PyBytes_Type)) {
    return script::data_value(view_of_bytes(object), DataKind::binary);
  }
  if (object == Py_None) return {};
  if (is_a(object, PyLong_Type)) return integer_of(object, borrowed);
  if (is_a(object, PyBool_Type)) return {object == Py_True};
  return other_value(object, wanted, borrowed, depth);
}

PyObject* text_object(std::string_view text) {
  // What peers sent as text is checked; resources and headers may hold any bytes.
  return PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogateescape");
}

PyObject* bytes_object(std::string_view bytes) {
  const auto size = static_cast<Py_ssize_t>(bytes.size());
  if (bytes.size() < always_fresh) return PyBytes_FromStringAndSize(bytes.data(), size);
  PyObject* const made = PyBytes_FromStringAndSize(nullptr, size);
  if (!made) return nullptr;
  char* const to = PyBytes_AsString(made);
  prefer_large_pages(to, bytes.size());
  std::memcpy(to, bytes.data(), bytes.size());
  return made;
}

struct Maker {
  PyObject* operator()(std::monostate) const { return Object::share(Py_None).release(); }
  PyObject* operator()(bool value) const { return PyBool_FromLong(value); }
  PyObject* operator()(std::int64_t value) const { return PyLong_FromLongLong(value); }
  PyObject* operator()(double value) const { return PyFloat_FromDouble(value); }
  PyObject* operator()(const Data& value) const {
    PyObject* const made =
        value.kind == DataKind::binary ? bytes_object(value.bytes) : text_object(value.bytes);
    if (made) value.let_go();
    return made;
  }
  PyObject* operator()(const std::string& value) const { return text_object(value); }
  PyObject* operator()(const List& list) const {
    Object made = Object::take(PyList_New(0));
    for (const Value& item : list) {
      const Object object = made ? to_object(item) : Object();
      if (!object || PyList_Append(made.get(), object.get()) != 0) return nullptr;
    }
    return made.release();
  }
  PyObject* operator()(const Map& map) const {
    Object made = Object::take(PyDict_New());
    for (const script::MapEntry& entry : map) {
      const Object key = Object::take(made ? text_object(entry.key) : nullptr);
      const Object object = key ? to_object(entry.value) : Object();
      if (!object || PyDict_SetItem(made.get(), key.get(), object.get()) != 0) return nullptr;
    }
    return made.release();
  }
  // These come from scripts and never go back.
  PyObject* operator()(Function) const { return (*this)(std::monostate()); }
  PyObject* operator()(LargeInteger) const { return (*this)(std::monostate()); }
  PyObject* operator()(Opaque) const { return (*this)(std::monostate()); }
};

}  // namespace

// Some arrays, of times for example, have no format that Python knows.
Value Borrowed::bytes_of(PyObject* object) {
  if (count_ == buffers_.size() || PyObject_CheckBuffer(object) == 0) return {};
  Py_buffer& buffer = buffers_[count_];
  if (PyObject_GetBuffer(object, &buffer, PyBUF_CONTIG_RO | PyBUF_FORMAT) != 0) {
    forget_exception();
    if (PyObject_GetBuffer(object, &buffer, PyBUF_SIMPLE) != 0) {
      forget_exception();
      return Value{Opaque{"a buffer that is not in one piece (numpy.ascontiguousarray makes one)"}};
    }
  }
  ++count_;
  if (buffer.format && holds_objects(buffer.format)) {
    return Value{Opaque{"an array of Python objects (give it a type of numbers)"}};
  }
  const std::string_view bytes(static_cast<const char*>(buffer.buf),
                               static_cast<std::size_t>(buffer.len));
  return script::data_value(bytes, DataKind::binary);
}

std::string_view Borrowed::type_name(PyObject* object) {
  PyObject* const name = keep(attribute(reinterpret_cast<PyObject*>(Py_TYPE(object)), "__name__"));
  return name && PyUnicode_Check(name) ? utf8_of(name, Type::text, *this) : "object";
}

PyObject* Borrowed::keep(Object object) {
  if (!object) {
    forget_exception();
    return nullptr;
  }
  return objects_.emplace_back(std::move(object)).get();
}

void Borrowed::release_buffers() {
  while (count_ > 0) PyBuffer_Release(&buffers_[--count_]);
}

void Borrowed::clear() {
  release_buffers();
  objects_.clear();
  room_ = {};
}

Value to_value(PyObject* object, Wanted wanted, Borrowed& borrowed) {
  return value_of(object, wanted, borrowed, 0);
}

Object to_object(const Value& value) {
  return Object::take(std::visit(Maker{}, value.held));
}

}  // namespace simws::python
