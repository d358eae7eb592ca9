// What a script language does for the functions of the table: calls the script's own functions.
#pragma once

#include "script/callback_kind.h"
#include "script/value.h"
#include "script/words.h"

#include <simws/log.h>
#include <simws/result.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace simws::script {

class Api;

// A handler that a script has set: a function, or the name of one.
struct Callback {
  std::string name;       // dotted names too; empty: `function` is called
  Function function;      // kept by the engine: what is called, or what it looks up by `name`
  std::size_t arity = 0;  // of `function`
  CallbackKind kind = CallbackKind::open;
  bool is_reported = false;  // the log says already that there's no such function
};

struct KeptFunction {
  Function function;
  std::size_t arity = 0;
};

// Belongs to the script's thread.
class Engine {
 public:
  // Makes a function that was an argument the engine's own, until `release`.
  virtual Result<KeptFunction> keep(Function argument) = 0;
  // The same for a name, which is looked up among the caller's whenever it's called.
  virtual Result<Function> keep_name(std::string_view) { return Function{}; }
  virtual void release(Function kept) = 0;

  // Finds the function to call now and returns how many arguments it takes; nothing when there is
  // no function of that name. A `call` follows at once when it's found.
  virtual std::optional<std::size_t> find(const Callback& callback) = 0;
  // Calls what was found. Fills `results` with what it returned, nil where it returned less; it is
  // borrowed until the script runs again. Of arguments that it has made the language's own it lets
  // the data go before, so that a large message needn't be there twice meanwhile. An error is what
  // the script raised, with its traceback, or callback_missing where that shows in the call only.
  virtual Result<void> call(std::span<const Value> arguments, std::span<Value> results) = 0;

  // How error messages call types and values.
  virtual const Words& words() const { return table_words(); }

  // Whether the program has told its language's own log where lines go: then they go there, if the
  // script has no log handler. Asked when a server starts, and when `run` begins.
  virtual bool has_log() { return false; }
  virtual void write_log(LogLevel, std::string_view) {}

  // A setting of the program around the script. Nothing, or empty: not set.
  virtual std::optional<std::string> named_parameter(std::string_view name) = 0;

  // Around a wait for the network: from the first to the second, whatever should end it (a signal,
  // say) calls Api::interrupt and makes `is_interrupted` true. It's asked, too, while an error
  // waits to be logged.
  virtual void begin_waiting(Api& api) = 0;
  virtual bool is_interrupted() = 0;
  // `is_handled`: the caller ends because of it. Otherwise it goes on to where it would have gone.
  virtual void end_waiting(bool is_handled) = 0;

 protected:
  ~Engine() = default;
};

}  // namespace simws::script
