#include "host/commands/doctor/doctor_command.h"

#include "host/commands/doctor/check_text.h"
#include "host/commands/doctor/doctor_report.h"
#include "host/commands/doctor/this_machine.h"
#include "host/commands/number_checks.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <string>
#include <vector>

namespace simws::host {

void DoctorCommand::add_to(CLI::App& app) {
  app.add_option_function<int>(
         "PORT",
         [this](const int port) {
           port_ = port;
           is_port_given_ = true;
         },
         "The port that shall be free")
      ->type_name("")
      ->check(WholeNumber("port", 1, 65535))
      ->default_str("9000");
  app.add_flag("--json", is_json_, "Print the findings as JSON");
  app.footer(
      "It changes nothing. Exit status: 0; 1, something keeps simWS from working, or the port that "
      "was\n"
      "named can't be had.");
}

int DoctorCommand::run() {
  const ThisMachine machine;
  const Question question{machine, port_, is_port_given_};
  std::vector<Finding> findings;
  for (const Check check : all_checks()) findings.push_back(check(question));
  std::cout << (is_json_ ? doctor_json(findings)
                         : doctor_table(findings, OutputStyle::of_environment()));
  return count_of(findings, Verdict::problem) == 0 ? 0 : 1;
}

}  // namespace simws::host
