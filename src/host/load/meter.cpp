#include "host/load/meter.h"

#include "host/load/failure.h"

#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace simws::load {
namespace {

double read_clock(clockid_t clock) {
  timespec time{};
  if (clock_gettime(clock, &time) != 0) give_up("can't read a clock", errno);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double processor_time(pid_t process) {
  clockid_t clock{};
  errno = clock_getcpuclockid(process, &clock);
  if (errno != 0) give_up("can't find the clock of process " + std::to_string(process), errno);
  return read_clock(clock);
}

std::string folder_of(pid_t process) {
  return "/proc/" + std::to_string(process) + '/';
}

std::string read_file(pid_t process, const char* name) {
  std::ifstream file(folder_of(process) + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Of a file with lines such as "VmHWM:   1234 kB", in bytes.
double kibibytes(const std::string& text, const std::string& field) {
  const std::size_t at = text.find(field + ':');
  if (at == std::string::npos) give_up("can't read the server's memory");
  return 1024 * std::stod(text.substr(at + field.size() + 1));
}

// proc(5): minflt is field 10, majflt field 12; the name, field 2, may hold spaces.
void read_faults(pid_t process, Reading& reading) {
  const std::string text = read_file(process, "stat");
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int field = 3; field < 10; ++field) fields >> skipped;
  if (!(fields >> reading.minor_faults >> skipped >> reading.major_faults)) {
    give_up("can't read the server's page faults");
  }
}

}  // namespace

double now() {
  return read_clock(CLOCK_MONOTONIC);
}

Meter::Meter(pid_t server)
    : server_(server), idle_memory_(memory()), idle_file_memory_(file_memory()) {}

double Meter::memory() const {
  if (server_ == 0) return 0;
  const std::string text = read_file(server_, "smaps_rollup");
  if (!text.empty()) return kibibytes(text, "Rss");
  const std::string process = "process " + std::to_string(server_);
  if (access(folder_of(server_).c_str(), F_OK) != 0) give_up("there is no " + process);
  give_up(process + " belongs to somebody else: its memory can't be read");
}

double Meter::file_memory() const {
  return server_ ? kibibytes(read_file(server_, "status"), "RssFile") : 0;
}

Reading Meter::read() const {
  Reading reading{now(), 0, read_clock(CLOCK_PROCESS_CPUTIME_ID), 0, 0};
  if (server_ == 0) return reading;
  reading.server = processor_time(server_);
  read_faults(server_, reading);
  return reading;
}

Figures Meter::figures(const Reading& begin, const Reading& end, std::uint64_t messages) const {
  const double seconds = end.time - begin.time;
  const double client = end.client - begin.client;
  const auto count = static_cast<double>(messages);
  Figures figures = {{"messages", count},
                     {"seconds", seconds},
                     {"messages_per_second", count / seconds},
                     {"client_us_per_message", client / count * 1e6},
                     {"client_busy", client / seconds}};
  if (server_ == 0) return figures;
  const double server = end.server - begin.server;
  const double faults = end.minor_faults - begin.minor_faults;
  const double major = end.major_faults - begin.major_faults;
  const double peak = kibibytes(read_file(server_, "status"), "VmHWM");
  const double file_growth = file_memory() - idle_file_memory_;
  figures.insert(figures.end(), {{"server_us_per_message", server / count * 1e6},
                                 {"server_busy", server / seconds},
                                 {"faults_per_message", (faults + major) / count},
                                 {"major_faults", major},
                                 {"idle_bytes", idle_memory_},
                                 {"peak_bytes", peak - idle_memory_ - file_growth}});
  return figures;
}

}  // namespace simws::load
