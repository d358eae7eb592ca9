// What a word after `simws` does.
#pragma once

namespace CLI {
class App;
}

namespace simws::host {

class Command {
 public:
  virtual ~Command() = default;

  virtual const char* name() const = 0;
  // One sentence without its full stop, for the list of commands.
  virtual const char* help() const = 0;

  // Adds its options to `app`, which is part of the whole command line and outlives the command's
  // use. Help, manual and completions are made from what it adds. A value's type name says what may
  // stand there: FILE, FOLDER, SCRIPT, or words with '|' between.
  virtual void add_to(CLI::App& app) = 0;

  // After the command line was understood; returns the exit code.
  virtual int run() = 0;

 protected:
  Command() = default;
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
};

}  // namespace simws::host
