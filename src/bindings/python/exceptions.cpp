#include "bindings/python/exceptions.h"

#include <memory>
#include <utility>

namespace simws::python {

namespace {

constexpr const char* doc =
    "What went wrong, and what to do: a handle that never existed or whose object is gone, a port "
    "that can't be had, a call that isn't possible now. Wrong arguments raise TypeError and "
    "ValueError instead.";

PyObject* type_of(ErrorCode code, PyObject* error_type) {
  if (code == ErrorCode::invalid_type) return PyExc_TypeError;
  if (code == ErrorCode::invalid_argument || code == ErrorCode::too_large) return PyExc_ValueError;
  return error_type;
}

std::string utf8(PyObject* text) {
  Py_ssize_t length = 0;
  const Object bytes = Object::take(PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace"));
  char* data = nullptr;
  if (!bytes || PyBytes_AsStringAndSize(bytes.get(), &data, &length) != 0) return {};
  return {data, static_cast<std::size_t>(length)};
}

}  // namespace

Object make_error_type() {
  return Object::take(PyErr_NewExceptionWithDoc("simWS.Error", doc, PyExc_RuntimeError, nullptr));
}

void raise(const Error& error, PyObject* error_type) {
  const Object message = Object::take(PyUnicode_DecodeUTF8(
      error.message.data(), static_cast<Py_ssize_t>(error.message.size()), "replace"));
  if (message) PyErr_SetObject(type_of(error.code, error_type), message.get());
}

// A signal's handler raises in whatever code runs, and its signal comes but once.
void forget_exception() {
  if (!PyErr_Occurred()) return;
  auto exception = std::make_unique<Exception>(Exception::take());
  if (!exception->ends_the_program()) return;
  const auto raise_later = [](void* kept) {
    const std::unique_ptr<Exception> taken(static_cast<Exception*>(kept));
    taken->raise();
    return -1;
  };
  if (Py_AddPendingCall(raise_later, exception.get()) == 0) {
    (void)exception.release();
  } else {
    PyErr_SetInterrupt();  // too many calls are pending, and this needs none
  }
}

Exception Exception::take() {
  PyObject* type = nullptr;
  PyObject* value = nullptr;
  PyObject* traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  if (value && traceback) PyException_SetTraceback(value, traceback);
  Exception taken;
  taken.type_ = Object::take(type);
  taken.value_ = Object::take(value);
  taken.traceback_ = Object::take(traceback);
  return taken;
}

bool Exception::is_end(PyObject* exception) {
  return PyErr_GivenExceptionMatches(exception, PyExc_SystemExit) != 0 ||
         PyErr_GivenExceptionMatches(exception, PyExc_KeyboardInterrupt) != 0;
}

std::string Exception::text() const {
  const Object format = imported("traceback", "format_exception");
  const Object none = Object::share(Py_None);
  const Object lines = Object::take(
      format ? PyObject_CallFunctionObjArgs(format.get(), type_.get(), value_.get(),
                                            traceback_ ? traceback_.get() : none.get(), nullptr)
             : nullptr);
  const Object nothing = Object::take(lines ? PyUnicode_FromString("") : nullptr);
  const Object joined =
      Object::take(nothing ? PyUnicode_Join(nothing.get(), lines.get()) : nullptr);
  std::string text = joined ? utf8(joined.get()) : std::string();
  forget_exception();
  while (text.ends_with('\n')) text.pop_back();
  return text.empty() ? "an exception that can't be shown" : text;
}

void Exception::raise() {
  PyErr_Restore(type_.release(), value_.release(), traceback_.release());
}

}  // namespace simws::python
