// Who has a port.
#pragma once

#include "host/commands/doctor/machine.h"

#include <string>

namespace simws::host {

struct PortHolder {
  std::string process;  // its number; empty: the system doesn't tell, as it's another user's
  std::string name;
};

// REQUIRES: the port is taken.
PortHolder find_port_holder(const Machine& machine, int port);

}  // namespace simws::host
