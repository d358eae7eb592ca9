// The network's side of one server.
#pragma once

#include "dispatch/link.h"
#include "protocol/topics/topic_door.h"

#include <simws/server.h>

#include <atomic>
#include <memory>
#include <string_view>
#include <utility>

namespace simws::dispatch {

class ServerLink final : public Link {
 public:
  ServerLink(EndpointId endpoint, std::shared_ptr<Route> route, ServerOptions options)
      : Link(endpoint, std::move(route)), options_(std::move(options)) {}

  // Returns the port.
  Result<int> listen(EventLoop& loop, int port);
  // The server; null: it has stopped.
  Server* server() const { return server_.get(); }

  void stop() override;
  bool make_room(std::size_t bytes) override { return !is_stopped() && server_->make_room(bytes); }
  const Logger& logger() const override { return options_.logger; }
  std::size_t max_queued_bytes() const override { return options_.max_queued_bytes; }
  void keep_info() override { last_info_ = server_->info(); }

  // REQUIRES: it isn't stopped.
  Result<void> serve_files(std::string_view prefix, const ServedFolder& folder,
                           FileOptions options) {
    return server_->serve_files(prefix, folder, std::move(options));
  }

  // The script's thread.
  ServerInfo info() const { return server_ ? server_->info() : last_info_; }
  // Through which the script publishes. REQUIRES: it listens, or has.
  protocol::TopicDoor& door() const { return *door_; }
  bool has_info_page() const { return options_.info_page; }
  // From here on the script is asked whether it admits those who ask for a WebSocket, or no more.
  void set_deciding(bool decides) { decides_.store(decides); }
  bool is_deciding() const { return decides_.load(); }

 private:
  void release_pending(std::size_t bytes) override {
    if (server_) server_->release_pending(bytes);
  }
  bool is_last_end() const override { return false; }

  const ServerOptions options_;
  std::atomic<bool> decides_{false};
  std::unique_ptr<Server> server_;
  std::shared_ptr<protocol::TopicDoor> door_;
  ServerInfo last_info_;
};

}  // namespace simws::dispatch
