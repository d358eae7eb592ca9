// Callbacks that are `async def`: asyncio's tasks.
#pragma once

#include "bindings/python/python_object.h"

#include <simws/result.h>

#include <functional>
#include <memory>
#include <string>

namespace simws::python {

// An object that can be awaited, such as a call of an `async def` returns.
bool is_awaitable(PyObject* object);
// What a call of a function with `yield` returns, `async def` or not: none of it has run.
bool is_generator(PyObject* object);
// A coroutine that nobody will await.
void discard(PyObject* awaitable);

class Tasks {
 public:
  // `log` gets a line for each task that fails. Needs the interpreter's lock, as all functions do.
  explicit Tasks(std::function<void(const std::string&)> log);
  // What still runs runs on; its failures are no longer logged.
  ~Tasks();
  Tasks(const Tasks&) = delete;
  Tasks& operator=(const Tasks&) = delete;

  // What a task returned, or why it has no result.
  using Finished = std::function<void(Result<Object> outcome)>;

  // Makes a task of it in the asyncio loop that runs on this thread; tasks begin in the order in
  // which they were made. `finished`, if any, hears of its end instead of the log, unless that
  // comes after the end of `this`. Error: no loop runs; the awaitable is discarded.
  Result<void> start(PyObject* awaitable, Finished finished = nullptr);

  struct Shared;

 private:
  std::shared_ptr<Shared> shared_;
};

}  // namespace simws::python
