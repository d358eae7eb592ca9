// What the script asks of its servers.
#include "dispatch/dispatcher.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>

namespace simws::dispatch {

namespace {

// Handles are given out once in the life of the process, by whatever dispatcher.
ServerId next_server_id() {
  static std::atomic<ServerId> last{0};
  return ++last;
}

Error no_such_server() {
  return {ErrorCode::invalid_handle,
          "invalid object handle: there is no such server; it was stopped, or never started"};
}

Error no_such_connection() {
  return {ErrorCode::invalid_handle,
          "invalid object handle: this server has had no such connection; use the handle that a "
          "callback was given, with the server it came from"};
}

HttpResponse being_stopped() {
  return {503, "The server is being stopped.\n", {}};
}

}  // namespace

Result<ServerId> Dispatcher::start(int port, ServerOptions options) {
  const ServerId id = next_server_id();
  auto server = std::make_unique<ScriptServer>();
  server->link = std::make_shared<Link>(id, route_, std::move(options));
  Result<int> listening = 0;
  network_.call([&] { listening = server->link->listen(network_.loop(), port); });
  if (!listening) return std::move(listening).error();
  servers_.emplace(id, std::move(server));
  return id;
}

Result<ScriptServer*> Dispatcher::find_server(ServerId server) const {
  const auto found = servers_.find(server);
  if (found == servers_.end()) return no_such_server();
  return found->second.get();
}

Result<Dispatcher::Target> Dispatcher::find(ServerId server, ConnectionId connection) const {
  const auto found = find_server(server);
  if (!found) return found.error();
  ScriptServer& owner = **found;
  if (connection == 0 || connection > owner.last_id) return no_such_connection();
  const auto record = owner.records.find(connection);
  return Target{&owner, record == owner.records.end() ? nullptr : record->second};
}

void Dispatcher::command(Command command) {
  if (is_direct()) return execute(command);
  outbox_->push(std::move(command));
  if (!in_pass_ && outbox_->needs_wake_up()) {
    network_.post([outbox = outbox_] { outbox->execute_all(); });
  }
}

Result<bool> Dispatcher::send(ServerId server, ConnectionId connection, std::string_view data,
                              Opcode opcode, bool fin) {
  const auto target = find(server, connection);
  if (!target) return target.error();
  Record* const record = target->record.get();
  const bool can_send = record && record->open_told && !target->server->stopped &&
                        !record->closing && !record->ended.load();
  const std::size_t limit = target->server->link->options().max_queued_bytes;
  // What is wrong with the data is wrong whether or not the connection is still there.
  SendCheck none;
  SendCheck& check = can_send ? record->send_check : none;
  if (can_send || opcode != Opcode::continuation) {
    if (auto checked = check.check(data, opcode, fin, limit); !checked) {
      return std::move(checked).error();
    }
  }
  if (!can_send) return false;
  if (is_direct()) return record->connection && *record->connection->send(data, opcode, fin);
  if (record->in_hand_over.load() + data.size() > limit) {
    record->closing = true;
    command(OverflowCommand{target->record, target->server->link});
    return false;
  }
  record->in_hand_over.fetch_add(data.size());
  command(SendCommand{target->record, outbox_->copy(data), opcode, fin});
  return true;
}

Result<std::size_t> Dispatcher::broadcast(ServerId server, std::string_view data, Opcode opcode) {
  const auto found = find_server(server);
  if (!found) return found.error();
  ScriptServer& owner = **found;
  SendCheck whole_message;
  const std::size_t limit = owner.link->options().max_queued_bytes;
  if (auto checked = whole_message.check(data, opcode, true, limit); !checked) {
    return std::move(checked).error();
  }
  if (owner.stopped) return std::size_t{0};
  if (is_direct()) return owner.link->broadcast(data, opcode);
  std::size_t count = 0;
  for (const auto& [id, record] : owner.records) {
    if (!record->open_told || record->closing || record->ended.load()) continue;
    if (record->send_check.in_message()) continue;
    if (record->in_hand_over.load() + data.size() > limit) {
      record->closing = true;
      command(OverflowCommand{record, owner.link});
      continue;
    }
    record->in_hand_over.fetch_add(data.size());
    ++count;
  }
  if (count > 0) command(BroadcastCommand{owner.link, std::string(data), opcode});
  return count;
}

Result<bool> Dispatcher::close(ServerId server, ConnectionId connection, CloseCode code,
                               std::string_view reason) {
  const auto target = find(server, connection);
  if (!target) return target.error();
  if (auto checked = check_close(code, reason); !checked) return std::move(checked).error();
  Record* const record = target->record.get();
  if (!record || !record->open_told || target->server->stopped) return false;
  if (record->ended.load() || std::exchange(record->closing, true)) return false;
  command(CloseCommand{target->record, code, std::string(reason)});
  return true;
}

bool Dispatcher::is_request_of(ServerId server, ConnectionId connection) const {
  return request_ && request_->server == server && request_->id == connection;
}

bool Dispatcher::defer(ServerId server, ConnectionId connection) {
  if (!is_request_of(server, connection)) return false;
  const RecordPtr record = std::exchange(request_, nullptr);
  record->deferred = find_server(server).ok();
  if (!record->deferred) respond_to(record, being_stopped());
  return true;
}

Result<bool> Dispatcher::respond(ServerId server, ConnectionId connection,
                                 const HttpResponse& response) {
  if (is_request_of(server, connection)) {
    respond_to(std::exchange(request_, nullptr), response);
    return true;
  }
  const auto target = find(server, connection);
  if (!target || !target->record || !std::exchange(target->record->deferred, false)) return false;
  respond_to(target->record, response);
  return true;
}

void Dispatcher::respond_to(const RecordPtr& record, const HttpResponse& response) {
  command(RespondCommand{record, response});
}

Result<std::vector<ConnectionId>> Dispatcher::connections(ServerId server) const {
  const auto found = find_server(server);
  if (!found) return found.error();
  std::vector<ConnectionId> ids;
  for (const auto& [id, record] : (*found)->records) {
    const bool open = record->open_told && !record->closing && !record->ended.load();
    if (open && !(*found)->stopped) ids.push_back(id);
  }
  std::ranges::sort(ids);
  return ids;
}

Result<ConnectionInfo> Dispatcher::connection_info(ServerId server, ConnectionId connection) const {
  const auto target = find(server, connection);
  if (!target) return target.error();
  if (!target->record) {
    return Error{ErrorCode::invalid_handle,
                 "invalid object handle: this connection has ended; ask for its information inside "
                 "its close or fail callback at the latest"};
  }
  const Record& record = *target->record;
  ConnectionInfo info = record.info;
  if (info.state == ConnectionState::open && record.closing) info.state = ConnectionState::closing;
  route_->inbox.read_gauges(record, info);
  return info;
}

Result<ServerInfo> Dispatcher::server_info(ServerId server) const {
  const auto found = find_server(server);
  if (!found) return found.error();
  const ScriptServer& owner = **found;
  return owner.stopped ? owner.last_info : owner.link->info();
}

Result<void> Dispatcher::stop(ServerId server) {
  const auto found = find_server(server);
  if (!found) return found.error();
  ScriptServer& owner = **found;
  if (owner.stopped) return no_such_server();
  owner.last_info = owner.link->info();
  owner.stopped = true;
  network_.call([&] { stop_on_network(server, owner); });
  hand_on_closes(owner);
  servers_.erase(server);
  return {};
}

// Runs on the network's thread while the script's waits.
void Dispatcher::stop_on_network(ServerId id, ScriptServer& server) {
  outbox_->execute_all();
  for (const QueuedEventPtr& event : route_->inbox.take_all_of(id)) {
    Connection* const connection = event->record->connection;
    if (event->kind != QueuedEvent::Kind::http || !connection) continue;
    (void)connection->respond(being_stopped());
  }
  for (const auto& [connection_id, record] : server.records) {
    if (record->deferred && record->connection) (void)record->connection->respond(being_stopped());
  }
  server.link->stop();
}

void Dispatcher::stop_all() {
  while (!servers_.empty()) {
    const ServerId id = servers_.begin()->first;
    if (!stop(id)) return;  // it's being stopped: a callback of that called us
  }
}

void Dispatcher::stop_silently() {
  network_.call([&] {
    for (auto& [id, server] : servers_) {
      if (!server->stopped) stop_on_network(id, *server);
    }
    route_->on_pushed = nullptr;
    route_->direct = nullptr;
  });
  servers_.clear();
}

}  // namespace simws::dispatch
