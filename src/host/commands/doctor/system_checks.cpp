#include "host/commands/doctor/check_text.h"
#include "host/commands/doctor/checks.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <sstream>
#include <string>

namespace simws::host {

namespace {

constexpr std::uint64_t own_descriptors = 50;  // of the program itself
constexpr std::uint64_t few_descriptors = 1024;
constexpr long long mebibyte = 1 << 20;
constexpr long long little_memory = 256 * mebibyte;
constexpr long long little_entropy = 128;

std::string ring_advice(const Machine& machine, int error) {
  const std::string disabled = read_word(machine, "/proc/sys/kernel/io_uring_disabled");
  if (disabled == "1" || disabled == "2") {
    return "if you want it: sudo sysctl kernel.io_uring_disabled=0";
  }
  if (error == ENOSYS) return "it comes with Linux 5.7 and later";
  return "a container allows it with another seccomp profile, such as docker run --security-opt "
         "seccomp=unconfined";
}

std::string ring_text(const Machine& machine, int error) {
  if (error == ENOSYS) return "this kernel has none";
  const std::string disabled = read_word(machine, "/proc/sys/kernel/io_uring_disabled");
  if (disabled == "1" || disabled == "2") {
    return "forbidden by kernel.io_uring_disabled = " + disabled;
  }
  if (error == EPERM || error == EACCES) return "forbidden, by a container or seccomp";
  return "can't be had, system error " + std::to_string(error);
}

// Of all control groups around this program, in bytes; none: there's no limit (cgroups(7)).
std::optional<long long> memory_limit(const Machine& machine) {
  std::optional<long long> least;
  const auto look = [&](const std::string& file) {
    const auto limit = number_of(read_word(machine, file));
    if (limit && (!least || *limit < *least)) least = limit;
  };
  std::istringstream lines(machine.read("/proc/self/cgroup").value_or(""));
  std::string path;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("0::")) path = line.substr(3);
  }
  while (path.size() > 1) {
    look("/sys/fs/cgroup" + path + "/memory.max");
    path.resize(path.rfind('/'));
  }
  look("/sys/fs/cgroup/memory.max");
  look("/sys/fs/cgroup/memory/memory.limit_in_bytes");
  constexpr long long endless = 1LL << 60;  // what older control groups say for no limit
  return least && *least < endless ? least : std::nullopt;
}

// "6.12.3-amd64" is at least 6.12.
bool is_kernel_from(const std::string& kernel, int major, int minor) {
  std::istringstream text(kernel);
  int own_major = 0, own_minor = 0;
  char point = 0;
  text >> own_major >> point >> own_minor;
  return own_major > major || (own_major == major && own_minor >= minor);
}

}  // namespace

Finding check_descriptors(const Question& question) {
  const std::uint64_t limit = question.machine.descriptor_limit();
  const std::uint64_t connections = limit - std::min(limit, own_descriptors);
  Finding finding{
      "descriptors", Verdict::ok,
      std::to_string(limit) + ": for some " + std::to_string(connections) + " connections at once",
      ""};
  if (limit >= few_descriptors * 2) return finding;
  finding.verdict = limit < own_descriptors * 2 ? Verdict::problem : Verdict::note;
  finding.advice =
      "for more: ulimit -Hn 65536 as root before it, LimitNOFILE=65536 in a service of systemd";
  return finding;
}

Finding check_memory(const Question& question) {
  Finding finding{"memory limit", Verdict::ok, "none", ""};
  const auto limit = memory_limit(question.machine);
  if (!limit) return finding;
  finding.text = std::to_string(*limit / mebibyte) +
                 " MiB, by a control group (a container or "
                 "systemd)";
  if (*limit >= little_memory) return finding;
  finding.verdict = Verdict::note;
  finding.advice =
      "lower what connections may hold: maxPendingBytes, maxTotalQueuedBytes and "
      "maxConnections, see docs/limits.md";
  return finding;
}

Finding check_io_uring(const Question& question) {
  Finding finding{"io_uring", Verdict::ok, "works: many connections are served by fewer calls", ""};
  const int error = question.machine.try_ring();
  if (error == 0) return finding;
  finding.verdict = Verdict::note;
  finding.text = ring_text(question.machine, error) + "; it only costs speed with many connections";
  finding.advice = ring_advice(question.machine, error);
  return finding;
}

Finding check_processors(const Question& question) {
  const unsigned count = question.machine.processors();
  const std::string governor =
      read_word(question.machine, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  Finding finding{"processors", Verdict::ok, std::to_string(count), ""};
  if (!governor.empty()) finding.text += ", governor " + governor;
  if (count == 1) {
    finding.verdict = Verdict::note;
    finding.text += ": the network and the simulation take turns";
  } else if (governor == "powersave") {
    finding.verdict = Verdict::note;
    finding.text += ": slow to speed up on some machines, and no good for measuring";
    finding.advice = "for measurements: sudo cpupower frequency-set -g performance";
  }
  return finding;
}

Finding check_scheduler(const Question& question) {
  const std::string kernel = question.machine.kernel();
  Finding finding{"scheduler", Verdict::ok,
                  "Linux " + kernel + " gives the network's thread short turns", ""};
  if (is_kernel_from(kernel, 6, 12)) return finding;
  finding.text =
      "Linux " + kernel + ": while all processors are busy, messages may wait some milliseconds";
  finding.advice = "Linux 6.12 and later do better; or leave a processor free";
  return finding;
}

Finding check_clock(const Question& question) {
  const std::string folder = "/sys/devices/system/clocksource/clocksource0/";
  const std::string source = read_word(question.machine, folder + "current_clocksource");
  Finding finding{"clock", Verdict::ok, source.empty() ? "unknown" : source, ""};
  if (source != "hpet" && source != "acpi_pm" && source != "jiffies") return finding;
  finding.verdict = Verdict::note;
  finding.text += ": to read the time takes a microsecond, where others take a fiftieth";
  finding.advice = "available are " +
                   read_word(question.machine, folder + "available_clocksource") +
                   "; if tsc is among them: echo tsc | sudo tee " + folder + "current_clocksource";
  return finding;
}

Finding check_random(const Question& question) {
  Finding finding{"random numbers", Verdict::ok, "there are enough", ""};
  const auto bits = number_of(read_word(question.machine, "/proc/sys/kernel/random/entropy_avail"));
  if (!bits || *bits >= little_entropy) return finding;
  finding.verdict = Verdict::note;
  finding.text =
      "the system has gathered " + std::to_string(*bits) + " bits: keys may have to wait for more";
  finding.advice = "sudo apt-get install rng-tools5, or give a virtual machine virtio-rng";
  return finding;
}

}  // namespace simws::host
