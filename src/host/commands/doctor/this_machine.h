// The machine that the program runs on.
#pragma once

#include "host/commands/doctor/machine.h"

namespace simws::host {

class ThisMachine final : public Machine {
 public:
  std::optional<std::string> read(const std::string& file) const override;
  bool exists(const std::string& file) const override;
  std::vector<std::string> list(const std::string& folder) const override;
  std::string link(const std::string& file) const override;
  std::string variable(const std::string& name) const override;
  std::string find_program(const std::string& name) const override;
  Ran run(const std::vector<std::string>& command) const override;
  int try_ring() const override;
  int try_listening(const std::string& ip, int port) const override;
  std::uint64_t descriptor_limit() const override;
  unsigned processors() const override;
  std::string kernel() const override;
  std::string host_name() const override;
  bool resolves(const std::string& name) const override;
  std::vector<std::string> addresses() const override;
  std::string python_half() const override;
};

}  // namespace simws::host
