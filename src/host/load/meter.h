// What a server's process spends, as the kernel counts it.
#pragma once

#include "host/load/figures.h"

#include <sys/types.h>

#include <cstdint>

namespace simws::load {

// Seconds of a clock that never goes back, the same for all processes.
double now();

struct Reading {
  double time = 0;
  double server = 0;  // processor time of all threads, user and system
  double client = 0;
  double minor_faults = 0;
  double major_faults = 0;
};

// Made before the load comes: memory counts from there.
class Meter {
 public:
  // 0: there's no process to look at, and no figures of it.
  explicit Meter(pid_t server);

  Reading read() const;
  // For `messages` between two readings: rate, processor time and page faults of each, the share of
  // time that server and client were busy; and the server's peak of memory beyond what it had.
  // Code that it runs for the first time isn't counted: the system has that from the program's
  // file, in pieces of its choice, and takes it back whenever it likes.
  Figures figures(const Reading& begin, const Reading& end, std::uint64_t messages) const;
  // Resident, in bytes.
  double memory() const;

 private:
  // What of it lies in files, too.
  double file_memory() const;

  pid_t server_;
  double idle_memory_;
  double idle_file_memory_;
};

}  // namespace simws::load
