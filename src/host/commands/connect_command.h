// `simws connect`.
#pragma once

#include "host/command.h"
#include "host/commands/terminal_client.h"

#include <string>
#include <vector>

namespace simws::host {

class ConnectCommand : public Command {
 public:
  const char* name() const override { return "connect"; }
  const char* help() const override { return "Connects to a server: sends lines, shows messages"; }
  void add_to(CLI::App& app) override;
  int run() override;

 private:
  void add_handshake_options(CLI::App& app);
  void add_tls(CLI::App& app);
  void add_times(CLI::App& app);

  ConnectOptions options_;
  std::vector<std::string> headers_;
  std::string proxy_;
  double wait_ = 1;
  double ping_ = 20;
  double connect_timeout_ = 10;
  bool reconnects_ = false;
  bool is_insecure_ = false;
};

}  // namespace simws::host
