#include "dispatch/link.h"

#include <new>
#include <utility>

namespace simws::dispatch {

Result<int> Link::listen(EventLoop& loop, int port) {
  using Kind = QueuedEvent::Kind;
  // Connections may outlive the server: they hold the link through these.
  const auto self = shared_from_this();
  ServerHandlers handlers;
  handlers.open = [self](Connection& connection) { self->tell(connection, Kind::open); };
  handlers.fail = [self](Connection& connection) { self->tell_end(connection, Kind::fail); };
  handlers.close = [self](Connection& connection) { self->tell_end(connection, Kind::close); };
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
  auto record = std::make_shared<Record>(server_id_, connection.outlet());
  record->connection = &connection;
  record->keep_alive = record;
  connection.user_data = record.get();
  return record;
}

void Link::tell(Connection& connection, QueuedEvent::Kind kind) {
  if (stopped_) return;
  QueuedEvent event;
  event.kind = kind;
  event.info = std::make_unique<ConnectionInfo>(connection.info());
  route(record_of(connection), std::move(event), {});
}

// The script hears of an end if it has heard of the beginning, also when memory had run out: what
// the connection held is free by now.
void Link::tell_end(Connection& connection, QueuedEvent::Kind kind) {
  const bool is_known =
      connection.user_data != nullptr && static_cast<Record*>(connection.user_data)->told;
  if (kind == QueuedEvent::Kind::close && !is_known) return;
  try {
    tell(connection, kind);
  } catch (const std::bad_alloc&) {
    tell(connection, kind);
  }
  record_of(connection)->end_told = true;
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
  const bool was_told = std::exchange(record->told, true);
  if (route_->sink && route_->sink->on_network_event(record, event, data)) return;
  record->told = was_told;
  push(record, std::move(event), data);
  record->told = true;
  if (route_->on_pushed) route_->on_pushed();
}

// Charged first: what can't be pushed ends its connection.
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
  if (!connection.user_data) return;
  const RecordPtr record = std::move(static_cast<Record*>(connection.user_data)->keep_alive);
  connection.user_data = nullptr;
  if (!record->end_told && record->told && !stopped_) {
    QueuedEvent event;
    event.kind = QueuedEvent::Kind::gone;
    route(record, std::move(event), {});
  }
  record->connection = nullptr;
}

void Link::note_handled(Record& record, std::size_t bytes) {
  if (record.connection) {
    record.connection->release_pending(bytes);
  } else if (server_) {
    server_->release_pending(bytes);
  }
}

}  // namespace simws::dispatch
