#include "dispatch/link.h"

#include <string>
#include <utility>

namespace simws::dispatch {

Result<int> Link::listen(EventLoop& loop, int port) {
  using Kind = QueuedEvent::Kind;
  // Connections may outlive the server: they hold the link through these.
  const auto self = shared_from_this();
  ServerHandlers handlers;
  handlers.open = [self](Connection& connection) { self->tell(connection, Kind::open); };
  handlers.fail = [self](Connection& connection) { self->tell(connection, Kind::fail); };
  handlers.close = [self](Connection& connection) { self->tell(connection, Kind::close); };
  handlers.message = [self](Connection& connection, std::string_view data, Opcode opcode) {
    self->tell_message(connection, data, opcode);
  };
  handlers.http = [self](Connection& connection, const HttpRequest& request) {
    self->tell_request(connection, request);
  };
  handlers.release = [self](Connection& connection) { self->release(connection); };
  auto server = Server::listen(loop, port, options_, std::move(handlers));
  if (!server) return std::move(server).error();
  server_ = std::move(server).value();
  return server_->info().port;
}

void Link::stop() {
  stopped_ = true;
  server_->stop();
  server_.reset();
}

RecordPtr Link::record_of(Connection& connection) {
  if (connection.user_data) return static_cast<Record*>(connection.user_data)->keep_alive;
  auto record = std::make_shared<Record>(server_id_);
  record->connection = &connection;
  record->keep_alive = record;
  connection.user_data = record.get();
  return record;
}

void Link::tell(Connection& connection, QueuedEvent::Kind kind) {
  const RecordPtr record = record_of(connection);
  if (kind != QueuedEvent::Kind::open) record->ended.store(true);
  if (stopped_) return;
  QueuedEvent event;
  event.kind = kind;
  event.info = std::make_unique<ConnectionInfo>(connection.info());
  route(record, std::move(event), {});
}

void Link::tell_message(Connection& connection, std::string_view data, Opcode opcode) {
  QueuedEvent event;
  event.opcode = opcode;
  route(static_cast<Record*>(connection.user_data)->keep_alive, std::move(event), data);
}

void Link::tell_request(Connection& connection, const HttpRequest& request) {
  QueuedEvent event;
  event.kind = QueuedEvent::Kind::http;
  event.info = std::make_unique<ConnectionInfo>(connection.info());
  route(record_of(connection), std::move(event), request.body);
}

void Link::route(const RecordPtr& record, QueuedEvent event, std::string_view data) {
  if (route_->direct && route_->direct->on_network_event(record, event, data)) return;
  push(record, std::move(event), data);
  if (route_->on_pushed) route_->on_pushed();
}

void Link::push(const RecordPtr& record, QueuedEvent event, std::string_view data) {
  QueuedEventPtr queued = route_->inbox.make();
  event.record = record;
  event.data = std::move(queued->data);
  event.data = data;
  *queued = std::move(event);
  record->connection->hold_pending(queued->cost());
  route_->inbox.push(std::move(queued));
}

void Link::release(Connection& connection) {
  const RecordPtr record = std::move(static_cast<Record*>(connection.user_data)->keep_alive);
  connection.user_data = nullptr;
  const bool was_plain_http = !record->ended.exchange(true);
  if (was_plain_http && !stopped_) {
    QueuedEvent event;
    event.kind = QueuedEvent::Kind::gone;
    route(record, std::move(event), {});
  }
  route_->inbox.detach(*record);
}

std::size_t Link::broadcast(std::string_view data, Opcode opcode) {
  if (stopped_) return 0;
  const auto count = server_->broadcast(data, opcode, [&](Connection& connection) {
    return may_broadcast_to(connection, data.size());
  });
  return count ? *count : 0;
}

bool Link::may_broadcast_to(Connection& connection, std::size_t size) {
  auto* const record = static_cast<Record*>(connection.user_data);
  if (!record || !record->announced) return false;
  if (!route_->direct) record->in_hand_over.fetch_sub(size);
  return true;
}

void Link::note_handled(Record& record, std::size_t bytes) {
  if (record.connection) {
    record.connection->release_pending(bytes);
  } else if (server_) {
    server_->release_pending(bytes);
  }
}

void Link::overflow(Record& record) {
  if (!record.connection) return;
  const std::string reason = "over maxQueuedBytes (" + std::to_string(options_.max_queued_bytes) +
                             "): more was sent than the peer reads";
  const auto closed = record.connection->close_now(CloseCode::try_again_later, reason);
  if (closed && *closed) {
    options_.logger(LogLevel::warning,
                    record.connection->info().remote_address + ": closed with 1013: " + reason);
  }
}

}  // namespace simws::dispatch
