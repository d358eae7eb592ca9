// The network's side of one client.
#pragma once

#include "dispatch/link.h"

#include <simws/client.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace simws::dispatch {

class ClientLink final : public Link {
 public:
  // What is sent while it's away is kept by the script's side.
  ClientLink(EndpointId endpoint, std::shared_ptr<Route> route, ClientOptions options);

  Result<void> connect(EventLoop& loop, std::string_view uri);

  void stop() override;
  bool make_room(std::size_t) override { return false; }
  const Logger& logger() const override { return options_.logger; }
  std::size_t max_queued_bytes() const override { return options_.max_queued_bytes; }
  void keep_info() override;

  // The script's thread.
  ClientInfo info() const { return client_ ? client_->info() : last_info_; }
  bool keeps_queue() const { return keeps_queue_; }

 private:
  void release_pending(std::size_t bytes) override {
    if (client_) client_->release_pending(bytes);
  }
  bool is_last_end() const override { return client_ && client_->state() == ClientState::closed; }

  const bool keeps_queue_;
  ClientOptions options_;
  std::unique_ptr<Client> client_;
  ClientInfo last_info_;
};

}  // namespace simws::dispatch
