// `simws doctor`.
#pragma once

#include "host/command.h"

namespace simws::host {

class DoctorCommand : public Command {
 public:
  const char* name() const override { return "doctor"; }
  const char* help() const override {
    return "Says what this machine allows, and what to do about it";
  }
  void add_to(CLI::App& app) override;
  int run() override;

 private:
  int port_ = 9000;
  bool is_port_given_ = false;
  bool is_json_ = false;
};

}  // namespace simws::host
