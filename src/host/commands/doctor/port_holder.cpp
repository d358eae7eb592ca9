#include "host/commands/doctor/port_holder.h"

#include "host/commands/doctor/check_text.h"

#include <sstream>
#include <vector>

namespace simws::host {

namespace {

constexpr const char* listening = "0A";

// Lines of proc_pid_net(5), tcp: number, local and remote address, state, ... inode as the tenth.
void add_sockets(std::vector<std::string>& sockets, const std::string& table, int port) {
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::vector<std::string> fields;
    for (std::string word; words >> word;) fields.push_back(word);
    if (fields.size() < 10 || fields[3] != listening) continue;
    const std::size_t colon = fields[1].rfind(':');
    if (colon == std::string::npos || number_of(fields[1].substr(colon + 1), 16) != port) continue;
    sockets.push_back("socket:[" + fields[9] + ']');
  }
}

bool has_one(const Machine& machine, const std::string& process,
             const std::vector<std::string>& sockets) {
  const std::string folder = "/proc/" + process + "/fd";
  for (const std::string& descriptor : machine.list(folder)) {
    const std::string target = machine.link(folder + '/' + descriptor);
    for (const std::string& socket : sockets) {
      if (target == socket) return true;
    }
  }
  return false;
}

}  // namespace

PortHolder find_port_holder(const Machine& machine, int port) {
  std::vector<std::string> sockets;
  for (const char* const table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    add_sockets(sockets, machine.read(table).value_or(""), port);
  }
  if (sockets.empty()) return {};
  for (const std::string& process : machine.list("/proc")) {
    if (!number_of(process) || !has_one(machine, process, sockets)) continue;
    return {process, read_word(machine, "/proc/" + process + "/comm")};
  }
  return {};
}

}  // namespace simws::host
