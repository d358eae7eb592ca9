// What the script asks of its servers.
#include "dispatch/dispatcher.h"

#include "protocol/http/response.h"

#include <algorithm>
#include <atomic>
#include <new>
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
  return protocol::http::plain_response(503, "The server is being stopped.");
}

// Where there's no memory for an answer, the connection ends without one.
void answer_at_stop(const Record& record) noexcept {
  if (!record.connection) return;
  try {
    (void)record.connection->respond(being_stopped());
  } catch (const std::bad_alloc&) {
    // It ends by its deadline.
  }
}

}  // namespace

Result<ServerId> Dispatcher::start(int port, ServerOptions options) {
  const ServerId id = next_server_id();
  const auto link = std::make_shared<Link>(id, route_, std::move(options));
  const auto added = servers_.emplace(id, std::make_unique<ScriptServer>()).first;
  added->second->link = link;
  Result<int> listening = 0;
  const auto called = network_.call([&] { listening = link->listen(network_.loop(), port); });
  if (called && listening) return id;
  servers_.erase(added);
  if (!called) return called.error();
  return std::move(listening).error();
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
  CommandPtr made = outbox_->make();
  *made = std::move(command);
  hand_over(std::move(made));
}

void Dispatcher::hand_over(CommandPtr command) {
  if (is_direct()) return outbox_->execute(std::move(command));
  outbox_->push(std::move(command));
  if (!in_pass_) wake_network();
}

// The task is small enough to need no memory. It's run before the outbox goes: who ends the
// network's thread, or calls it, does so behind what was posted.
void Dispatcher::wake_network() noexcept {
  if (!outbox_->needs_wake_up()) return;
  try {
    network_.post([outbox = outbox_.get()] { outbox->execute_all(); });
  } catch (const std::bad_alloc&) {
    outbox_->was_not_woken();
  }
}

// What was sent before goes first: it may be what takes the room.
bool Dispatcher::make_room(const ScriptServer& server, std::size_t bytes) {
  bool has_room = false;
  const auto called = network_.call([&] {
    outbox_->execute_all();
    has_room = server.link->make_room(bytes);
  });
  return called && has_room;
}

void Dispatcher::overflow(const RecordPtr& record, protocol::Verdict verdict) {
  command(OverflowCommand{record, verdict});
  record->closing = true;
  record->outlet->close();
}

Result<bool> Dispatcher::send(ServerId server, ConnectionId connection, std::string_view data,
                              Opcode opcode, bool fin) {
  using protocol::Verdict;
  const auto target = find(server, connection);
  if (!target) return target.error();
  const ScriptServer& owner = *target->server;
  const RecordPtr& record = target->record;
  if (!record || !record->open_told || record->closing || owner.stopped) {
    return protocol::check_nowhere_to_go(data, opcode, owner.link->options().max_queued_bytes);
  }
  if (is_direct() && record->connection) return send_at_once(*record, data, opcode, fin);
  const protocol::SendCheck before = record->outlet->sent();
  protocol::Charge charge;
  auto verdict = record->outlet->admit(data, opcode, fin, charge);
  if (!verdict) return std::move(verdict).error();
  const std::size_t size = protocol::Message::frame_size(data.size());
  if (*verdict == Verdict::over_total_queued && make_room(owner, size)) {
    verdict = record->outlet->admit(data, opcode, fin, charge);
  }
  if (*verdict != Verdict::admitted) {
    if (*verdict != Verdict::closed) overflow(record, *verdict);
    return false;
  }
  try {
    CommandPtr made = outbox_->make();
    auto& command = std::get<SendCommand>(*made);
    command.record = record;
    command.message.own.assign(data, opcode, fin);
    command.message.charge = std::move(charge);
    hand_over(std::move(made));
  } catch (...) {
    record->outlet->set_sent(before);
    throw;
  }
  return true;
}

// Where it closes the connection, more waits than may.
Result<bool> Dispatcher::send_at_once(Record& record, std::string_view data, Opcode opcode,
                                      bool fin) {
  const bool was_closed = record.outlet->is_closed();
  auto sent = record.connection->send(data, opcode, fin);
  if (!was_closed && record.outlet->is_closed()) record.closing = true;
  return sent;
}

Result<void> Dispatcher::check_connection(ServerId server, ConnectionId connection) const {
  const auto target = find(server, connection);
  if (!target) return target.error();
  return {};
}

Result<std::size_t> Dispatcher::broadcast(ServerId server, std::string_view data, Opcode opcode,
                                          const Audience& audience) {
  const auto found = find_server(server);
  if (!found) return found.error();
  ScriptServer& owner = **found;
  const std::size_t limit = owner.link->options().max_queued_bytes;
  if (auto checked = protocol::check_whole_message(data, opcode, limit); !checked) {
    return std::move(checked).error();
  }
  if (owner.stopped || owner.records.empty()) return std::size_t{0};
  const auto& budget = owner.records.begin()->second->outlet->budget();
  if (!budget->has_room_for(data.size()) && !make_room(owner, data.size())) return std::size_t{0};
  BroadcastCommand broadcast{owner.shared_messages.make(budget, data, opcode), {}};
  std::size_t count = 0;
  for (const auto& [id, record] : owner.records) {
    if (!record->open_told || record->closing || !audience.has(id)) continue;
    const protocol::Verdict verdict = broadcast_to(owner, record, broadcast);
    if (verdict == protocol::Verdict::admitted) ++count;
  }
  if (!broadcast.targets.empty()) command(std::move(broadcast));
  return count;
}

protocol::Verdict Dispatcher::broadcast_to(const ScriptServer& server, const RecordPtr& record,
                                           BroadcastCommand& broadcast) {
  using protocol::Verdict;
  using Thread = protocol::Outlet::Thread;
  const Thread thread = is_direct() ? Thread::networks : Thread::other;
  protocol::Charge charge;
  Verdict verdict = record->outlet->admit(*broadcast.message, charge, thread);
  if (verdict == Verdict::over_total_queued &&
      make_room(server, protocol::Outlet::reference_cost)) {
    verdict = record->outlet->admit(*broadcast.message, charge, thread);
  }
  switch (verdict) {
    case Verdict::admitted:
      broadcast.targets.push_back({record, std::move(charge)});
      break;
    case Verdict::over_max_queued:
    case Verdict::over_total_queued:
      overflow(record, verdict);
      break;
    case Verdict::closed:
    case Verdict::in_message:
      break;
  }
  return verdict;
}

Result<bool> Dispatcher::close(ServerId server, ConnectionId connection, CloseCode code,
                               std::string_view reason) {
  const auto target = find(server, connection);
  if (!target) return target.error();
  if (auto checked = protocol::check_close(code, reason); !checked)
    return std::move(checked).error();
  Record* const record = target->record.get();
  if (!record || !record->open_told || target->server->stopped) return false;
  if (record->closing || record->outlet->is_closed()) return false;
  command(CloseCommand{target->record, code, std::string(reason)});
  record->closing = true;
  record->outlet->close();
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

Result<bool> Dispatcher::respond(ServerId server, ConnectionId connection, HttpResponse response) {
  if (is_request_of(server, connection)) {
    respond_to(std::exchange(request_, nullptr), std::move(response));
    return true;
  }
  const auto target = find(server, connection);
  if (!target || !target->record || !std::exchange(target->record->deferred, false)) return false;
  respond_to(target->record, std::move(response));
  return true;
}

// The body counts from here on; where there's no room for it, it goes no further.
void Dispatcher::respond_to(const RecordPtr& record, HttpResponse response) {
  if (is_direct()) {
    if (record->connection) (void)record->connection->respond(std::move(response));
    return;
  }
  const std::size_t size = response.body.size();
  auto charge = record->outlet->admit_answer(size);
  if (!charge) return command(RefuseAnswerCommand{record, size});
  command(RespondCommand{record, std::move(response), std::move(*charge)});
}

Result<std::vector<ConnectionId>> Dispatcher::connections(ServerId server) const {
  const auto found = find_server(server);
  if (!found) return found.error();
  std::vector<ConnectionId> ids;
  for (const auto& [id, record] : (*found)->records) {
    const bool open = record->open_told && !record->closing && !record->outlet->is_closed();
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
  info.queued_bytes = record.outlet->queued_bytes();
  if (const float seconds = record.outlet->round_trip_time(); seconds >= 0) {
    info.round_trip_time = Seconds{seconds};
  }
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
  auto stopped = network_.call([&] { stop_on_network(server, owner); });
  if (!stopped) {
    owner.stopped = false;
    return stopped;
  }
  hand_on_closes(owner);
  servers_.erase(server);
  return {};
}

// Runs on the network's thread while the script's waits. It needs no memory.
void Dispatcher::stop_on_network(ServerId id, ScriptServer& server) noexcept {
  outbox_->execute_all();
  route_->inbox.drop_all_of(id, [](const QueuedEvent& event) {
    if (event.kind == QueuedEvent::Kind::http) answer_at_stop(*event.record);
  });
  for (const auto& [connection_id, record] : server.records) {
    if (record->deferred) answer_at_stop(*record);
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
  (void)network_.call([&] {
    route_->on_pushed = nullptr;
    route_->on_neglected = nullptr;
    route_->sink = nullptr;
    for (auto& [id, server] : servers_) {
      if (!server->stopped) stop_on_network(id, *server);
    }
  });
  servers_.clear();
}

}  // namespace simws::dispatch
