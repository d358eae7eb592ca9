// What checks ask of the machine; tests answer in its place.
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

namespace simws::host {

class Machine {
 public:
  virtual ~Machine() = default;

  // The beginning of a file, 64 KiB at the most. Nothing: there's none, or it may not be read.
  virtual std::optional<std::string> read(const std::string& file) const = 0;
  virtual bool exists(const std::string& file) const = 0;
  // The names in a folder, sorted.
  virtual std::vector<std::string> list(const std::string& folder) const = 0;
  // Where a link leads; empty: it's none.
  virtual std::string link(const std::string& file) const = 0;

  // Of the environment; empty: it isn't set.
  virtual std::string variable(const std::string& name) const = 0;
  // Where on the PATH, or among the system's programs; empty: nowhere.
  virtual std::string find_program(const std::string& name) const = 0;
  struct Ran {
    bool is_good = false;  // it has ended within some seconds, with 0
    std::string output;    // its beginning
  };
  virtual Ran run(const std::vector<std::string>& command) const = 0;

  // The system's numbers of errors; 0: it works.
  virtual int try_ring() const = 0;
  virtual int try_listening(const std::string& ip, int port) const = 0;

  // Of descriptors, as this program has them.
  virtual std::uint64_t descriptor_limit() const = 0;
  virtual unsigned processors() const = 0;
  virtual std::string kernel() const = 0;  // "6.1.0-13-amd64"
  virtual std::string host_name() const = 0;
  virtual bool resolves(const std::string& name) const = 0;
  // By which other machines may reach this one.
  virtual std::vector<std::string> addresses() const = 0;
  // The file that runs Python scripts, where this program looks for it.
  virtual std::string python_half() const = 0;

 protected:
  Machine() = default;
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
};

}  // namespace simws::host
