#include "host/commands/doctor/checks.h"

#include <array>

namespace simws::host {

std::span<const Check> all_checks() {
  static constexpr std::array<Check, 18> checks{check_port,
                                                check_addresses,
                                                check_host_name,
                                                check_ipv6,
                                                check_firewall,
                                                check_proxy,
                                                check_descriptors,
                                                check_memory,
                                                check_io_uring,
                                                check_processors,
                                                check_scheduler,
                                                check_clock,
                                                check_random,
                                                check_lua,
                                                check_python,
                                                check_authorities,
                                                check_local_certificates,
                                                check_coppeliasim};
  return checks;
}

}  // namespace simws::host
