// What every server that is measured is told: <port> <role>. Port 0 chooses one. It prints
// "port <port>" once it listens.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace bench {

enum class Role {
  echo,             // each message back to its sender
  deflate,          // as echo, with permessage-deflate for those who offer it
  tls,              // as echo, over TLS with the certificate and key in the file BENCH_CERTIFICATE
  fan_out,          // each message to all connections
  fan_out_deflate,  // as fan-out, with permessage-deflate
  pass,             // as echo, in a pass of a simulation, one a millisecond
  spin,             // as pass, again and again without a wait
};

struct PeerArguments {
  int port = 0;
  Role role = Role::echo;
};

inline Role role_of(std::string_view name) {
  if (name == "echo") return Role::echo;
  if (name == "deflate") return Role::deflate;
  if (name == "tls") return Role::tls;
  if (name == "fan-out") return Role::fan_out;
  if (name == "fan-out-deflate") return Role::fan_out_deflate;
  if (name == "pass") return Role::pass;
  if (name == "spin") return Role::spin;
  std::fprintf(stderr,
               "the roles are echo, deflate, tls, fan-out, fan-out-deflate, pass and spin\n");
  std::exit(2);
}

inline PeerArguments peer_arguments(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s <port> <role>\n", argv[0]);
    std::exit(2);
  }
  return {std::atoi(argv[1]), role_of(argv[2])};
}

// Certificate and key, for who speaks TLS.
inline const char* certificate_file() {
  const char* const file = std::getenv("BENCH_CERTIFICATE");
  return file ? file : "";
}

inline void print_port(int port) {
  std::printf("port %d\n", port);
  std::fflush(stdout);
}

// All must take what the largest measurement sends.
inline constexpr std::size_t largest_message = 65u << 20;

}  // namespace bench
