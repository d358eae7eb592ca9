#include "bindings/python/thread_owner.h"

#include "bindings/python/exceptions.h"
#include "bindings/python/python_object.h"
#include "script/describe.h"

namespace simws::python {

namespace {

std::string current_name() {
  const Object current_thread = imported("threading", "current_thread");
  const Object thread =
      Object::take(current_thread ? PyObject_CallObject(current_thread.get(), nullptr) : nullptr);
  const Object name = thread ? attribute(thread.get(), "name") : Object();
  const char* const text = name ? PyUnicode_AsUTF8AndSize(name.get(), nullptr) : nullptr;
  forget_exception();
  return text ? text : "unknown";
}

}  // namespace

bool ThreadOwner::is_current() const {
  return id_ == PyThread_get_thread_ident();
}

void ThreadOwner::take() {
  id_ = PyThread_get_thread_ident();
  name_ = current_name();
}

std::string ThreadOwner::refusal() const {
  return "called on thread " + script::quote(current_name()) +
         ", but the servers and their callbacks belong to thread " + script::quote(name_) +
         "; call it there (hand what other threads have through a queue.Queue)";
}

}  // namespace simws::python
