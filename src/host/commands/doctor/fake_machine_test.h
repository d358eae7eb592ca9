// A machine whose answers a test writes down.
#pragma once

#include "host/commands/doctor/machine.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace simws::host {

// With nothing on it, and with all that's good about it.
class FakeMachine final : public Machine {
 public:
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> links;
  std::map<std::string, std::string> variables{{"HOME", "/home/me"}};
  std::map<std::string, Ran> programs;  // by the first words of their command
  std::map<std::pair<std::string, int>, int> listening;
  int ring = 0;
  std::uint64_t descriptors = 1u << 20;
  unsigned cores = 4;
  std::string release = "6.12.3";
  std::string name = "robot";
  std::set<std::string> names{"robot"};
  std::vector<std::string> ips{"192.168.1.5"};

  std::optional<std::string> read(const std::string& file) const override {
    const auto found = files.find(file);
    return found == files.end() ? std::nullopt : std::optional(found->second);
  }
  // Folders are what files lie in.
  bool exists(const std::string& file) const override {
    const auto next = files.lower_bound(file);
    return next != files.end() && (next->first == file || next->first.starts_with(file + '/'));
  }
  std::vector<std::string> list(const std::string& folder) const override {
    std::set<std::string> found;
    for (const auto* const each : {&files, &links}) {
      for (const auto& [path, text] : *each) {
        if (!path.starts_with(folder + '/')) continue;
        const std::string rest = path.substr(folder.size() + 1);
        found.insert(rest.substr(0, rest.find('/')));
      }
    }
    return {found.begin(), found.end()};
  }
  std::string link(const std::string& file) const override {
    const auto found = links.find(file);
    return found == links.end() ? "" : found->second;
  }
  std::string variable(const std::string& name_of_it) const override {
    const auto found = variables.find(name_of_it);
    return found == variables.end() ? "" : found->second;
  }
  std::string find_program(const std::string& program) const override {
    for (const auto& [command, ran] : programs) {
      if (command.substr(0, command.find(' ')) == "/usr/bin/" + program) {
        return "/usr/bin/" + program;
      }
    }
    return {};
  }
  Ran run(const std::vector<std::string>& command) const override {
    std::string whole;
    for (const std::string& word : command) whole += (whole.empty() ? "" : " ") + word;
    const Ran* best = nullptr;
    for (const auto& [begin, ran] : programs) {
      if (whole.starts_with(begin)) best = &ran;
    }
    return best ? *best : Ran{};
  }
  int try_ring() const override { return ring; }
  int try_listening(const std::string& ip, int port) const override {
    const auto found = listening.find({ip, port});
    return found == listening.end() ? 0 : found->second;
  }
  std::uint64_t descriptor_limit() const override { return descriptors; }
  unsigned processors() const override { return cores; }
  std::string kernel() const override { return release; }
  std::string host_name() const override { return name; }
  bool resolves(const std::string& host) const override { return names.contains(host); }
  std::vector<std::string> addresses() const override { return ips; }
  std::string python_half() const override { return "/usr/libexec/simws/simws_host.py"; }
};

}  // namespace simws::host
