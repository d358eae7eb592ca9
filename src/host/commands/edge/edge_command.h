// `simws edge`.
#pragma once

#include "host/command.h"
#include "host/commands/edge/edge_topics.h"
#include "host/commands/quick_server.h"

#include <simws/broker.h>
#include <simws/server.h>
#include <simws/topics.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace simws::host {

class EdgeCommand : public Command {
 public:
  const char* name() const override { return "edge"; }
  const char* help() const override {
    return "Serves the viewers of a simulation that publishes to a broker";
  }
  void add_to(CLI::App& app) override;
  int run() override;

 private:
  void add_broker(CLI::App& app);
  void add_topics(CLI::App& app);
  std::string id() const;
  EdgeTopics topics() const;

  BrokerOptions broker_;
  std::string simulation_;
  std::string id_;
  std::vector<std::string> policies_;  // "topic=policy"
  std::size_t retained_ = 1024;        // MiB
  std::string token_;
  std::string files_;
  QuickServer server_;
};

}  // namespace simws::host
