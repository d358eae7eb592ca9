#include "dispatch/client_link.h"

namespace simws::dispatch {

ClientLink::ClientLink(EndpointId endpoint, std::shared_ptr<Route> route, ClientOptions options)
    : Link(endpoint, std::move(route)),
      keeps_queue_(options.keep_queue),
      options_(std::move(options)) {
  options_.keep_queue = false;
}

Result<void> ClientLink::connect(EventLoop& loop, std::string_view uri) {
  auto client = Client::connect(loop, uri, options_, make_handlers<ClientHandlers>());
  if (!client) return std::move(client).error();
  client_ = std::move(client).value();
  return {};
}

void ClientLink::keep_info() {
  last_info_ = client_->info();
  last_info_.state = ClientState::closed;
  last_info_.next_attempt.reset();
}

void ClientLink::stop() {
  note_stopped();
  client_->disconnect();
  client_.reset();
}

}  // namespace simws::dispatch
