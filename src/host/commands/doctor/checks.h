// What is looked at, and what to do about it.
#pragma once

#include "host/commands/doctor/machine.h"

#include <span>
#include <string>

namespace simws::host {

enum class Verdict {
  ok,
  note,     // works, but less well than it could, or not everything does
  problem,  // keeps simWS from working
};

struct Finding {
  std::string name;
  Verdict verdict = Verdict::ok;
  std::string text;    // what is so
  std::string advice;  // what to do, and exactly what to type; may be empty
};

struct Question {
  const Machine& machine;
  int port = 9000;
  bool is_port_given = false;
};

using Check = Finding (*)(const Question& question);

// In the order of the table.
std::span<const Check> all_checks();

// network_checks.cpp
Finding check_port(const Question& question);
Finding check_ipv6(const Question& question);
Finding check_addresses(const Question& question);
Finding check_host_name(const Question& question);
Finding check_firewall(const Question& question);
Finding check_proxy(const Question& question);

// system_checks.cpp
Finding check_descriptors(const Question& question);
Finding check_memory(const Question& question);
Finding check_io_uring(const Question& question);
Finding check_processors(const Question& question);
Finding check_scheduler(const Question& question);
Finding check_clock(const Question& question);
Finding check_random(const Question& question);

// program_checks.cpp
Finding check_lua(const Question& question);
Finding check_python(const Question& question);
Finding check_coppeliasim(const Question& question);

// certificate_checks.cpp
Finding check_authorities(const Question& question);
Finding check_local_certificates(const Question& question);

}  // namespace simws::host
