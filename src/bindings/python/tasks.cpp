#include "bindings/python/tasks.h"

#include "bindings/python/exceptions.h"

#include <utility>

namespace simws::python {

// What the tasks' callbacks hold.
struct Tasks::Shared {
  Object running;  // a set: asyncio itself keeps no reference that counts
  std::function<void(const std::string&)> log;
};

namespace {

using SharedPtr = std::shared_ptr<Tasks::Shared>;

// None, with no exception set: no loop runs on this thread.
Object running_loop() {
  const Object name = Object::take(PyUnicode_FromString("asyncio"));
  const Object asyncio = Object::take(name ? PyImport_GetModule(name.get()) : nullptr);
  const Object get = asyncio ? attribute(asyncio.get(), "get_running_loop") : Object();
  Object loop = Object::take(get ? PyObject_CallObject(get.get(), nullptr) : nullptr);
  if (!loop) PyErr_Clear();
  return loop;
}

Object call_method(PyObject* object, const char* name, PyObject* argument = nullptr) {
  const Object method = Object::take(PyObject_GetAttrString(object, name));
  if (!method) return {};
  return Object::take(PyObject_CallFunctionObjArgs(method.get(), argument, nullptr));
}

std::string name_of(PyObject* task) {
  const Object coroutine = call_method(task, "get_coro");
  PyErr_Clear();
  const Object name = coroutine ? attribute(coroutine.get(), "__qualname__") : Object();
  const char* const text = name ? PyUnicode_AsUTF8AndSize(name.get(), nullptr) : nullptr;
  PyErr_Clear();
  return text ? text : "of an asyncio task";
}

void report(const Tasks::Shared& shared, PyObject* task) {
  const Object cancelled = call_method(task, "cancelled");
  if (!cancelled || PyObject_IsTrue(cancelled.get()) != 0) return;
  const Object failure = call_method(task, "exception");
  if (!failure || failure.get() == Py_None || !shared.log) return;
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(failure.get())), failure.get());
  shared.log("asynchronous callback " + name_of(task) + ": " + Exception::take().text());
}

// The done callback of a task.
PyObject* on_done(PyObject* self, PyObject* task) {
  const auto& shared = **static_cast<SharedPtr*>(PyCapsule_GetPointer(self, nullptr));
  if (PySet_Discard(shared.running.get(), task) >= 0) report(shared, task);
  if (PyErr_Occurred()) return nullptr;
  return Object::share(Py_None).release();
}

PyMethodDef done_method = {"simWS.on_done", on_done, METH_O, nullptr};

Object make_done_callback(const SharedPtr& shared) {
  auto holder = std::make_unique<SharedPtr>(shared);
  const Object capsule = Object::take(PyCapsule_New(holder.get(), nullptr, [](PyObject* self) {
    delete static_cast<SharedPtr*>(PyCapsule_GetPointer(self, nullptr));
  }));
  if (!capsule) return {};
  static_cast<void>(holder.release());
  return Object::take(PyCFunction_NewEx(&done_method, capsule.get(), nullptr));
}

// None, with an exception set, when it fails.
Object make_task(PyObject* loop, PyObject* awaitable) {
  const Object ensure_future = imported("asyncio", "ensure_future");
  const Object arguments = Object::take(PyTuple_New(1));
  const Object keywords = Object::take(PyDict_New());
  if (!ensure_future || !arguments || !keywords) return {};
  PyTuple_SetItem(arguments.get(), 0, Object::share(awaitable).release());
  if (PyDict_SetItemString(keywords.get(), "loop", loop) != 0) return {};
  return Object::take(PyObject_Call(ensure_future.get(), arguments.get(), keywords.get()));
}

}  // namespace

bool is_awaitable(PyObject* object) {
#if !defined(Py_LIMITED_API)
  const PyAsyncMethods* const methods = Py_TYPE(object)->tp_as_async;
  return methods && methods->am_await;
#else
  return PyType_GetSlot(Py_TYPE(object), Py_am_await) != nullptr;
#endif
}

void discard(PyObject* awaitable) {
  if (const Object close = attribute(awaitable, "close")) {
    const Object closed = Object::take(PyObject_CallObject(close.get(), nullptr));
  }
  PyErr_Clear();
}

Tasks::Tasks(std::function<void(const std::string&)> log) : shared_(std::make_shared<Shared>()) {
  shared_->running = Object::take(PySet_New(nullptr));
  shared_->log = std::move(log);
}

Tasks::~Tasks() {
  shared_->log = nullptr;
}

Result<void> Tasks::start(PyObject* awaitable) {
  const Object loop = running_loop();
  if (!loop) {
    discard(awaitable);
    return Error{ErrorCode::callback_failed,
                 "it is 'async def', and no asyncio loop runs here to run it; have a loop call "
                 "simWS.poll: loop.add_reader(simWS.fileno(), simWS.poll)"};
  }
  const Object task = make_task(loop.get(), awaitable);
  const Object done = task ? make_done_callback(shared_) : Object();
  const bool is_kept = done && PySet_Add(shared_->running.get(), task.get()) == 0 &&
                       call_method(task.get(), "add_done_callback", done.get());
  if (is_kept) return {};
  return Error{ErrorCode::callback_failed, Exception::take().text()};
}

}  // namespace simws::python
