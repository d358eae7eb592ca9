// `simws cert`.
#pragma once

#include "host/command.h"

#include <simws/local_certificates.h>

#include <string>

namespace simws::host {

class CertCommand : public Command {
 public:
  const char* name() const override { return "cert"; }
  const char* help() const override {
    return "Shows the certificates of tls = 'local', and how to trust them";
  }
  void add_to(CLI::App& app) override;
  int run() override;

 private:
  int export_to(const std::string& file, const LocalCertificates& certificates) const;

  bool is_new_ = false;
  std::string export_;
};

}  // namespace simws::host
