// What `import simWS` owns: servers of one thread, from the first call to the program's end.
#pragma once

#include "bindings/python/module/module_engine.h"
#include "bindings/python/python_module.h"
#include "bindings/python/thread_owner.h"
#include "script/api.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>

namespace simws::python {

// Belongs to the thread that first calls a function; when no server is left, to the next that does.
// Its functions need the interpreter's lock.
class ModuleBinding final : public Binding {
 public:
  ModuleBinding() = default;
  ~ModuleBinding() override { end(); }

  script::Api* enter(const script::FunctionRow& row) override;
  void leave() override;
  PythonEngine& engine() override { return engine_; }

  // The program ends: servers stop without callbacks, and what they have queued still leaves. What
  // a thread or a forked process can't be rid of in order, it leaves to the system.
  void end();

 private:
  struct Servers {
    explicit Servers(ModuleEngine& engine)
        : api(std::make_unique<script::Api>(network, engine, script::Settings{})) {}

    dispatch::Network network;
    std::unique_ptr<script::Api> api;
  };

  void refuse(const script::FunctionRow& row, std::string_view why) const;
  bool is_forked() const;
  bool may_change_owner() const;
  void make_servers();
  // Another thread is in a call: it's asked to leave. False: it doesn't.
  bool wait_for_others();

  ModuleEngine engine_;
  ThreadOwner owner_;
  std::unique_ptr<Servers> servers_;
  bool has_ended_ = false;

  std::atomic<int> calls_{0};  // under way
  std::mutex mutex_;
  std::condition_variable left_;
};

}  // namespace simws::python
