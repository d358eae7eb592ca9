// What the script asks of its servers and clients.
#include "dispatch/dispatcher.h"

#include "protocol/http/response.h"
#include "protocol/opening_handshake.h"

#include <algorithm>
#include <atomic>
#include <new>
#include <string>
#include <utility>

namespace simws::dispatch {

namespace {

// Handles are given out once in the life of the process, by whatever dispatcher.
EndpointId next_endpoint_id(bool is_client) {
  static std::atomic<EndpointId> last{0};
  return ++last * 2 + (is_client ? 1 : 0);
}

Error no_such_endpoint() {
  return {ErrorCode::invalid_handle,
          "invalid object handle: there is no such server or client; it was stopped, or never "
          "started"};
}

Error no_such_connection() {
  return {ErrorCode::invalid_handle,
          "invalid object handle: there was no such connection; use the handle that a callback was "
          "given, with the server or client it came from"};
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

// `start` is called on the network's thread.
Result<void> Dispatcher::begin(EndpointId endpoint, std::unique_ptr<ScriptEndpoint> made,
                               const std::function<Result<void>()>& start) {
  const auto added = endpoints_.emplace(endpoint, std::move(made)).first;
  ++expected_;
  Result<void> started;
  const auto called = network_.call([&] { started = start(); });
  if (called && started) return {};
  --expected_;
  endpoints_.erase(added);
  return called ? started : called;
}

Result<EndpointId> Dispatcher::start(int port, ServerOptions options) {
  const EndpointId id = next_endpoint_id(false);
  auto made = std::make_unique<ScriptEndpoint>();
  options.script_times = times_;
  const auto link = std::make_shared<ServerLink>(id, route_, std::move(options));
  made->link = link;
  made->server = link;
  const auto begun = begin(id, std::move(made), [&]() -> Result<void> {
    const auto listening = link->listen(network_.loop(), port);
    if (!listening) return listening.error();
    return {};
  });
  if (!begun) return begun.error();
  return id;
}

Result<EndpointId> Dispatcher::connect(std::string_view uri, ClientOptions options) {
  const EndpointId id = next_endpoint_id(true);
  auto made = std::make_unique<ScriptEndpoint>();
  const auto link = std::make_shared<ClientLink>(id, route_, std::move(options));
  made->link = link;
  made->client = std::make_unique<ScriptClient>(link);
  const auto begun =
      begin(id, std::move(made), [&] { return link->connect(network_.loop(), uri); });
  if (!begun) return begun.error();
  return id;
}

Result<ScriptEndpoint*> Dispatcher::find_endpoint(EndpointId endpoint) const {
  const auto found = endpoints_.find(endpoint);
  if (found == endpoints_.end()) return no_such_endpoint();
  return found->second.get();
}

Result<ScriptEndpoint*> Dispatcher::find_server(EndpointId endpoint) const {
  auto found = find_endpoint(endpoint);
  if (found && !(*found)->server) return no_such_endpoint();
  return found;
}

Result<Dispatcher::Target> Dispatcher::find(EndpointId endpoint, ConnectionId connection) const {
  const auto found = find_endpoint(endpoint);
  if (!found) return found.error();
  ScriptEndpoint& owner = **found;
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
bool Dispatcher::make_room(const ScriptEndpoint& owner, std::size_t bytes) {
  bool has_room = false;
  const auto called = network_.call([&] {
    outbox_->execute_all();
    has_room = owner.link->make_room(bytes);
  });
  return called && has_room;
}

void Dispatcher::overflow(const RecordPtr& record, protocol::Verdict verdict) {
  command(OverflowCommand{record, verdict});
  record->closing = true;
  record->outlet->close();
}

Result<bool> Dispatcher::send(EndpointId endpoint, ConnectionId connection, std::string_view data,
                              Opcode opcode, SendOptions options) {
  const auto target = find(endpoint, connection);
  if (!target) return target.error();
  const ScriptEndpoint& owner = *target->owner;
  const RecordPtr& record = target->record;
  if (!record || !record->open_told || record->closing || owner.stopped) {
    return protocol::check_nowhere_to_go(data, opcode, owner.link->max_queued_bytes());
  }
  return send_on(owner, record, data, opcode, options);
}

Result<bool> Dispatcher::send_on(const ScriptEndpoint& owner, const RecordPtr& record,
                                 std::string_view data, Opcode opcode, SendOptions options) {
  using protocol::Verdict;
  const bool fin = options.fin;
  if (is_direct() && record->connection) return send_at_once(*record, data, opcode, options);
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
    command.message.compress = options.compress;
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
                                      SendOptions options) {
  const bool was_closed = record.outlet->is_closed();
  auto sent = record.connection->send(data, opcode, options);
  if (!was_closed && record.outlet->is_closed()) record.closing = true;
  return sent;
}

Result<void> Dispatcher::check_connection(EndpointId endpoint, ConnectionId connection) const {
  const auto target = find(endpoint, connection);
  if (!target) return target.error();
  return {};
}

Result<std::size_t> Dispatcher::broadcast(EndpointId server, std::string_view data, Opcode opcode,
                                          const Audience& audience, BroadcastOptions options) {
  const auto found = find_endpoint(server);
  if (!found) return found.error();
  ScriptEndpoint& owner = **found;
  const std::size_t limit = owner.link->max_queued_bytes();
  if (auto checked = protocol::check_whole_message(data, opcode, limit); !checked) {
    return std::move(checked).error();
  }
  const bool has_nowhere_to_go = owner.records.empty() && !owner.is_recorded;
  if (owner.stopped || !owner.server || has_nowhere_to_go) return std::size_t{0};
  const auto& budget = owner.server->door().queued();
  if (!budget->has_room_for(data.size()) && !make_room(owner, data.size())) return std::size_t{0};
  BroadcastCommand broadcast{
      {{}, owner.shared_messages.make(budget, data, opcode), {}, options.compress}, {}};
  if (owner.is_recorded) broadcast.recorded_by = owner.server;
  std::size_t count = 0;
  for (const auto& [id, record] : owner.records) {
    if (!record->open_told || record->closing || !audience.has(id)) continue;
    const protocol::Verdict verdict = broadcast_to(owner, record, broadcast);
    if (verdict == protocol::Verdict::admitted) ++count;
  }
  if (!broadcast.targets.empty() || owner.is_recorded) command(std::move(broadcast));
  return count;
}

// What goes at once need neither be gathered nor be charged on its way.
protocol::Verdict Dispatcher::broadcast_to(const ScriptEndpoint& owner, const RecordPtr& record,
                                           BroadcastCommand& broadcast) {
  using protocol::Verdict;
  protocol::Charge charge;
  const auto admit = [&] {
    const protocol::SharedMessage& message = *broadcast.message.shared;
    return is_direct() ? record->outlet->admit(message) : record->outlet->admit(message, charge);
  };
  Verdict verdict = admit();
  if (verdict == Verdict::over_total_queued && make_room(owner, protocol::Outlet::reference_cost)) {
    verdict = admit();
  }
  switch (verdict) {
    case Verdict::admitted:
      if (is_direct()) {
        broadcast.deliver(*record, {});
      } else {
        broadcast.targets.push_back({record, std::move(charge)});
      }
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

Result<bool> Dispatcher::close(EndpointId endpoint, ConnectionId connection, CloseCode code,
                               std::string_view reason) {
  const auto target = find(endpoint, connection);
  if (!target) return target.error();
  if (auto checked = protocol::check_close(code, reason); !checked)
    return std::move(checked).error();
  Record* const record = target->record.get();
  if (!record || !record->open_told || target->owner->stopped) return false;
  if (record->closing || record->outlet->is_closed()) return false;
  command(CloseCommand{target->record, code, std::string(reason)});
  record->closing = true;
  record->outlet->close();
  return true;
}

bool Dispatcher::is_request_of(EndpointId server, ConnectionId connection) const {
  return request_ && request_->endpoint == server && request_->id == connection;
}

bool Dispatcher::defer(EndpointId server, ConnectionId connection) {
  if (!is_request_of(server, connection)) return false;
  const RecordPtr record = std::exchange(request_, nullptr);
  record->deferred = find_endpoint(server).ok();
  if (!record->deferred) respond_to(record, being_stopped());
  return true;
}

Result<bool> Dispatcher::respond(EndpointId server, ConnectionId connection,
                                 HttpResponse response) {
  const RecordPtr record = take_request(server, connection);
  if (!record) return false;
  respond_to(record, std::move(response));
  return true;
}

Result<bool> Dispatcher::admit(EndpointId server, ConnectionId connection, HeaderList headers) {
  if (auto checked = protocol::check_upgrade_headers(headers); !checked) return checked.error();
  const RecordPtr record = take_request(server, connection);
  if (!record) return false;
  admit_to(record, std::move(headers));
  return true;
}

// Whose answer is due: in its handler, or later.
RecordPtr Dispatcher::take_request(EndpointId server, ConnectionId connection) {
  if (is_request_of(server, connection)) return std::exchange(request_, nullptr);
  const auto target = find(server, connection);
  if (!target || !target->record || !std::exchange(target->record->deferred, false)) return nullptr;
  return target->record;
}

void Dispatcher::admit_to(const RecordPtr& record, HeaderList headers) {
  if (!is_direct()) return command(AdmitCommand{record, std::move(headers)});
  if (record->connection) (void)record->connection->admit(std::move(headers));
}

Result<void> Dispatcher::set_deciding(EndpointId server, bool decides) {
  const auto found = find_server(server);
  if (!found) return found.error();
  (*found)->server->set_deciding(decides);
  return {};
}

Result<void> Dispatcher::serve_files(EndpointId server, std::string_view prefix,
                                     const std::string& folder, FileOptions options) {
  const auto found = find_endpoint(server);
  if (!found) return found.error();
  const ScriptEndpoint& owner = **found;
  if (!owner.server || owner.stopped) return no_such_endpoint();
  const auto served = ServedFolder::find(folder);
  if (!served) return served.error();
  Result<void> result;
  const auto called = network_.call(
      [&] { result = owner.server->serve_files(prefix, *served, std::move(options)); });
  return called ? result : called;
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

// It's short.
void Dispatcher::respond_by_default(const RecordPtr& record, HttpResponse response) {
  if (!is_direct()) return command(DefaultCommand{record, std::move(response)});
  if (record->connection) record->connection->respond_by_default(std::move(response));
}

Result<std::vector<ConnectionId>> Dispatcher::connections(EndpointId endpoint) const {
  const auto found = find_endpoint(endpoint);
  if (!found) return found.error();
  std::vector<ConnectionId> ids;
  for (const auto& [id, record] : (*found)->records) {
    const bool open = record->open_told && !record->closing && !record->outlet->is_closed();
    if (open && !(*found)->stopped) ids.push_back(id);
  }
  std::ranges::sort(ids);
  return ids;
}

Result<ConnectionInfo> Dispatcher::connection_info(EndpointId endpoint,
                                                   ConnectionId connection) const {
  const auto target = find(endpoint, connection);
  if (!target) return target.error();
  if (!target->record) {
    return Error{ErrorCode::invalid_handle,
                 "invalid object handle: this connection has ended; ask for its information inside "
                 "its close or fail callback at the latest"};
  }
  const Record& record = *target->record;
  ConnectionInfo info{record.info, record.outlet->traffic(Clock::now())};
  if (info.state == ConnectionState::open && record.closing) info.state = ConnectionState::closing;
  info.queued_bytes = record.outlet->queued_bytes();
  if (const float seconds = record.outlet->round_trip_time(); seconds >= 0) {
    info.round_trip_time = Seconds{seconds};
  }
  return info;
}

Result<ServerInfo> Dispatcher::server_info(EndpointId server) const {
  const auto found = find_server(server);
  if (!found) return found.error();
  return (*found)->server->info();
}

void Dispatcher::expect_no_more(ScriptEndpoint& endpoint) {
  if (endpoint.client && !std::exchange(endpoint.client->may_bring_events, false)) return;
  --expected_;
}

Result<void> Dispatcher::stop(EndpointId endpoint) {
  const auto found = find_endpoint(endpoint);
  if (!found) return found.error();
  ScriptEndpoint& owner = **found;
  if (owner.stopped) return no_such_endpoint();
  owner.link->keep_info();
  owner.stopped = true;
  auto stopped = network_.call([&] { stop_on_network(endpoint, owner); });
  if (!stopped) {
    owner.stopped = false;
    return stopped;
  }
  hand_on_closes(owner, is_client(endpoint) ? CloseCode::normal : CloseCode::going_away);
  expect_no_more(owner);
  endpoints_.erase(endpoint);
  return {};
}

// Runs on the network's thread while the script's waits. It needs no memory.
void Dispatcher::stop_on_network(EndpointId id, ScriptEndpoint& owner) noexcept {
  outbox_->execute_all();
  route_->inbox.drop_all_of(id, [](const QueuedEvent& event) {
    if (event.kind == QueuedEvent::Kind::http) answer_at_stop(*event.record);
  });
  for (const auto& [connection_id, record] : owner.records) {
    if (record->deferred) answer_at_stop(*record);
  }
  owner.link->stop();
}

void Dispatcher::stop_all() {
  while (!endpoints_.empty()) {
    const EndpointId id = endpoints_.begin()->first;
    if (!stop(id)) return;  // it's being stopped: a callback of that called us
  }
}

void Dispatcher::stop_silently() {
  (void)network_.call([&] {
    route_->on_pushed = nullptr;
    route_->on_neglected = nullptr;
    route_->sink = nullptr;
    for (auto& [id, endpoint] : endpoints_) {
      if (!endpoint->stopped) stop_on_network(id, *endpoint);
    }
  });
  endpoints_.clear();
  expected_ = 0;
}

}  // namespace simws::dispatch
