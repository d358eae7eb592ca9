// What is a client's alone: its one connection, and what is kept for the next.
#include "dispatch/dispatcher.h"

#include <string>
#include <utility>

namespace simws::dispatch {

namespace {

bool may_send_on(const RecordPtr& record) {
  return record && record->open_told && !record->closing && !record->outlet->is_closed();
}

}  // namespace

Result<bool> Dispatcher::send_by_client(EndpointId client, std::string_view data, Opcode opcode,
                                        SendOptions options) {
  const auto found = find_endpoint(client);
  if (!found) return found.error();
  ScriptEndpoint& owner = **found;
  const RecordPtr current = owner.client->current;
  if (may_send_on(current) && !owner.stopped) return send_on(owner, current, data, opcode, options);
  auto checked = protocol::check_nowhere_to_go(data, opcode, owner.link->max_queued_bytes());
  if (!checked) return checked;
  const bool is_whole = options.fin && opcode != Opcode::continuation;
  return is_whole ? keep(owner, data, opcode, options.compress) : false;
}

Result<bool> Dispatcher::keep(ScriptEndpoint& owner, std::string_view data, Opcode opcode,
                              bool compress) {
  ScriptClient& client = *owner.client;
  if (!client.link->keeps_queue() || !client.may_bring_events || owner.stopped) return false;
  if (client.kept.add(data, opcode, compress)) return true;
  ++client.dropped;
  if (client.kept.is_first_refused()) {
    owner.link->logger()(LogLevel::warning, client.kept.describe_full(client.link->info().uri));
  }
  return false;
}

// Where it's closed meanwhile, what is left waits for the next one.
void Dispatcher::send_kept(ScriptEndpoint& owner) {
  ScriptClient& client = *owner.client;
  const RecordPtr current = client.current;
  while (may_send_on(current)) {
    const auto kept = client.kept.take();
    if (!kept) return;
    (void)send_on(owner, current, kept->data, kept->opcode, {.compress = kept->compress});
  }
}

// Before the event is handed on.
void Dispatcher::note_client_event(ScriptEndpoint& owner, const RecordPtr& record,
                                   const QueuedEvent& event) {
  ScriptClient& client = *owner.client;
  if (event.kind == QueuedEvent::Kind::open) client.current = record;
  if (client.current == record && event.kind == QueuedEvent::Kind::close) client.current = nullptr;
  if (!event.is_last) return;
  client.dropped += client.kept.clear();
  expect_no_more(owner);
}

Result<ClientInfo> Dispatcher::client_info(EndpointId client) const {
  const auto found = find_endpoint(client);
  if (!found) return found.error();
  const ScriptClient& known = *(*found)->client;
  ClientInfo info = known.link->info();
  info.dropped += known.dropped;
  info.queued_bytes += known.kept.bytes();
  return info;
}

}  // namespace simws::dispatch
