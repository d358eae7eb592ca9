// `simws bench`.
#pragma once

#include "host/command.h"
#include "host/load/load.h"

#include <string>
#include <vector>

namespace simws::host {

class BenchCommand : public Command {
 public:
  const char* name() const override { return "bench"; }
  const char* help() const override {
    return "Measures a server: echoes, what it sends and how old that is, connects";
  }
  void add_to(CLI::App& app) override;
  int run() override;

 private:
  void add_load(CLI::App& app);
  void add_times(CLI::App& app);
  void add_stream(CLI::App& app);
  void add_request(CLI::App& app);
  void add_process(CLI::App& app);

  // An option that says nothing where it stands, and with what it would; empty: none.
  std::string misplaced() const;
  // What doesn't go together; empty: nothing.
  std::string contradiction() const;
  void complete();
  int measure();
  // Clients, which come to a port of this program's.
  int measure_clients();
  int show(const load::Report& report) const;
  void wait_while_open(const load::Figures& figures) const;

  const CLI::App* app_ = nullptr;
  load::LoadOptions options_;
  load::Mode mode_ = load::Mode::echo;
  std::string url_;
  std::vector<std::string> headers_;
  std::string token_;
  bool is_insecure_ = false;
  bool is_json_ = false;
  bool holds_ = false;
  bool measures_clients_ = false;
};

}  // namespace simws::host
