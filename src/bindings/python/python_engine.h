// How the server calls the functions of a Python script.
#pragma once

#include "bindings/python/arity.h"
#include "bindings/python/exceptions.h"
#include "bindings/python/python_object.h"
#include "bindings/python/python_values.h"
#include "bindings/python/tasks.h"
#include "script/api.h"
#include "script/engine.h"
#include "script/told_data.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simws::python {

// Its functions need the interpreter's lock, but for those that say otherwise.
class PythonEngine : public script::Engine {
 public:
  PythonEngine();
  virtual ~PythonEngine() = default;
  PythonEngine(const PythonEngine&) = delete;
  PythonEngine& operator=(const PythonEngine&) = delete;

  // What it works for, from here on; null: nothing any more.
  void attach(script::Api* api) { api_ = api; }

  Result<script::KeptFunction> keep(script::Function argument) override;
  // Among those of the module whose code runs.
  Result<script::Function> keep_name(std::string_view name) override;
  // The references are given up in the next `forget_released`. Without the lock too.
  void release(script::Function kept) override;
  void forget_released();

  // Between `unlock` and `lock` these two take the lock for the time of the call.
  std::optional<std::size_t> find(const script::Callback& callback) override;
  Result<void> call(std::span<const script::Value> arguments,
                    std::span<script::Value> results) override;

  // Of the handler that runs: the data that it was given as this object. Null: it's another one.
  const script::Data* told(PyObject* object) const { return told_.find(object); }

  // Its module `logging`, where the program has configured that.
  bool has_log() override;
  void write_log(LogLevel level, std::string_view line) override;

  const script::Words& words() const override { return script::python_words(); }
  std::optional<std::string> named_parameter(std::string_view) override { return std::nullopt; }

  // Gives the interpreter's lock to other threads while this one waits.
  void unlock() { unlocked_ = PyEval_SaveThread(); }
  // Takes it again. Without the lock.
  void lock() { PyEval_RestoreThread(std::exchange(unlocked_, nullptr)); }
  bool is_unlocked() const { return unlocked_ != nullptr; }

  // An exception that ends the program, from a callback or a signal: whoever drives the events
  // raises it. The exception that is set is taken; a callback's ends the wait that it's called in,
  // and no other callback is called before.
  void keep_exception();
  bool has_exception() const { return static_cast<bool>(exception_); }
  // Sets it; false: there is none.
  bool raise_exception();
  // Hands it over instead.
  Exception take_exception() { return std::exchange(exception_, {}); }

 protected:
  script::Api& api() { return *api_; }
  // Of code that is asked for something, where only the end of the program matters.
  void swallow_exception();

 private:
  class WithLock;

  struct Found {
    Object function;
    bool was_unlocked = false;
  };

  Object argument(const script::Value& value, std::size_t place);
  std::optional<std::size_t> arity_of_named(PyObject* function);
  Result<void> call_found(PyObject* function, std::span<const script::Value> arguments,
                          std::span<script::Value> results);
  Result<void> finish(PyObject* result);
  Result<void> fill(Object result, std::span<script::Value> results);
  Result<void> fill_later(PyObject* awaitable);
  Result<void> failure();
  void keep(Exception exception);
  script::Api* api_ = nullptr;
  PyThreadState* unlocked_ = nullptr;
  Found found_;
  bool is_in_wait_ = false;  // a callback runs that has taken the lock for itself
  Exception exception_;
  ArityCache arities_;
  Tasks tasks_;
  std::vector<Object> released_;
  Object result_;                  // of the latest http callback
  std::array<Object, 2> handles_;  // what the latest callback began with
  script::ToldData<PyObject*> told_;
  Borrowed borrowed_;
};

}  // namespace simws::python
