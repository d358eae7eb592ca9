#include "host/commands/commands.h"

#include "host/commands/bench/bench_command.h"
#include "host/commands/cert_command.h"
#include "host/commands/connect_command.h"
#include "host/commands/doctor/doctor_command.h"
#include "host/commands/echo_command.h"
#include "host/commands/edge/edge_command.h"
#include "host/commands/record_command.h"
#include "host/commands/replay_command.h"
#include "host/commands/serve_command.h"
#include "host/commands/shell_commands.h"

namespace simws::host {

std::vector<std::unique_ptr<Command>> make_commands() {
  std::vector<std::unique_ptr<Command>> commands;
  commands.push_back(std::make_unique<EchoCommand>());
  commands.push_back(std::make_unique<ServeCommand>());
  commands.push_back(std::make_unique<ConnectCommand>());
  commands.push_back(std::make_unique<RecordCommand>());
  commands.push_back(std::make_unique<ReplayCommand>());
  commands.push_back(std::make_unique<EdgeCommand>());
  commands.push_back(std::make_unique<BenchCommand>());
  commands.push_back(std::make_unique<DoctorCommand>());
  commands.push_back(std::make_unique<CertCommand>());
  commands.push_back(std::make_unique<CompletionCommand>());
  commands.push_back(std::make_unique<ManualCommand>());
  return commands;
}

}  // namespace simws::host
