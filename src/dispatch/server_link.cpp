#include "dispatch/server_link.h"

namespace simws::dispatch {

Result<int> ServerLink::listen(EventLoop& loop, int port) {
  auto handlers = make_handlers<ServerHandlers>();
  handlers.http = [this, self = shared_from_this()](Connection& connection,
                                                    const HttpRequest& request) {
    tell_request(connection, request);
  };
  handlers.upgrade = [this, self = shared_from_this()](Connection& connection, const HttpRequest&) {
    if (decides_.load()) {
      tell_attempt(connection);
    } else {
      (void)connection.admit();
    }
  };
  handlers.publication = [this, self = shared_from_this()](
                             Connection& connection, std::string_view topic, std::string_view data,
                             Opcode opcode) { tell_publication(connection, topic, data, opcode); };
  handlers.drop = [this, self = shared_from_this()](Connection& connection, std::string_view topic,
                                                    std::size_t count) {
    tell_loss(connection, topic, count);
  };
  handlers.remote_publication = [this, self = shared_from_this()](
                                    const RemoteViewer& viewer, std::string_view topic,
                                    std::string_view data, Opcode opcode) {
    return tell_remote(viewer, topic, data, opcode, options_.max_pending_bytes);
  };
  auto server = Server::listen(loop, port, options_, std::move(handlers));
  if (!server) return std::move(server).error();
  const int chosen = (*server)->info().port;
  server_ = std::move(server).value();
  door_ = server_->topic_door();
  return chosen;
}

void ServerLink::stop() {
  note_stopped();
  server_->stop();
  server_.reset();
}

}  // namespace simws::dispatch
