#include "dispatch/link.h"

#include <utility>

namespace simws::dispatch {

RecordPtr Link::record_of(Connection& connection) {
  if (connection.user_data) return static_cast<Record*>(connection.user_data)->keep_alive;
  auto record = std::make_shared<Record>(endpoint_id_, connection.outlet());
  record->end = std::make_unique<QueuedEvent>();
  record->connection = &connection;
  record->keep_alive = record;
  connection.user_data = record.get();
  return record;
}

void Link::tell(Connection& connection, QueuedEvent::Kind kind) {
  if (stopped_) return;
  QueuedEvent event;
  event.kind = kind;
  event.info = std::make_unique<ConnectionFacts>(connection.info());
  const RecordPtr record = record_of(connection);
  const bool had_opened = std::exchange(record->opened, kind == QueuedEvent::Kind::open);
  try {
    route(record, std::move(event), {});
  } catch (...) {
    record->opened = had_opened;
    throw;
  }
}

namespace {

std::unique_ptr<ConnectionFacts> info_of(const Connection& connection) noexcept {
  try {
    return std::make_unique<ConnectionFacts>(connection.info());
  } catch (...) {
    return nullptr;
  }
}

}  // namespace

// The script hears of an end if it has heard of the beginning, also when memory has run out; of
// what it has admitted and hasn't heard that it opened, that it failed.
void Link::tell_end(Connection& connection, QueuedEvent::Kind kind) {
  if (stopped_) return;
  if (kind == QueuedEvent::Kind::close) {
    const auto* const known = static_cast<const Record*>(connection.user_data);
    if (!known || !known->told) return;
    if (!known->opened) kind = QueuedEvent::Kind::fail;
  }
  const RecordPtr record = record_of(connection);
  tell_last(record, kind, info_of(connection));
  record->end_told = true;
}

void Link::tell_last(const RecordPtr& record, QueuedEvent::Kind kind,
                     std::unique_ptr<ConnectionFacts> info) {
  QueuedEventPtr event = std::move(record->end);
  if (!event) return;
  event->kind = kind;
  event->info = std::move(info);
  event->is_last = is_last_end();
  const bool was_told = std::exchange(record->told, true);
  try {
    if (route_->sink && route_->sink->on_network_event(record, *event, {})) return;
  } catch (...) {
    // It comes from the inbox.
  }
  record->told = was_told;
  event->record = record;
  push(record, std::move(event));
}

void Link::tell_message(Connection& connection, std::string_view data, Opcode opcode) {
  QueuedEvent event;
  event.opcode = opcode;
  route(static_cast<Record*>(connection.user_data)->keep_alive, std::move(event), data);
}

void Link::tell_publication(Connection& connection, std::string_view topic, std::string_view data,
                            Opcode opcode) {
  QueuedEvent event;
  event.opcode = opcode;
  event.notice = std::make_shared<TopicNotice>(topic);
  route(static_cast<Record*>(connection.user_data)->keep_alive, std::move(event), data);
}

bool Link::tell_remote(const RemoteViewer& viewer, std::string_view topic, std::string_view data,
                       Opcode opcode, std::size_t max_pending) {
  if (stopped_) return false;
  QueuedEvent event;
  event.opcode = opcode;
  const std::size_t cost = event.cost() + data.size();
  if (remote_pending_ > 0 && remote_pending_ + cost > max_pending) return false;
  event.notice = std::make_shared<TopicNotice>(topic, viewer);
  if (!remote_) remote_ = std::make_shared<Record>(endpoint_id_);
  route(remote_, std::move(event), data);
  return true;
}

void Link::tell_loss(Connection& connection, std::string_view topic, std::size_t count) {
  if (stopped_ || !connection.user_data) return;
  const RecordPtr record = static_cast<Record*>(connection.user_data)->keep_alive;
  record->losses.remove_if([](const auto& loss) { return loss.expired(); });
  for (const auto& loss : record->losses) {
    const auto waiting = loss.lock();
    if (waiting && waiting->topic == topic && waiting->add(count)) return;
  }
  QueuedEvent event;
  event.kind = QueuedEvent::Kind::drop;
  event.notice = std::make_shared<TopicNotice>(topic);
  event.notice->add(count);
  record->losses.push_front(event.notice);
  route(record, std::move(event), {});
}

void Link::tell_request(Connection& connection, const HttpRequest& request) {
  QueuedEvent event;
  event.kind = QueuedEvent::Kind::http;
  event.info = std::make_unique<ConnectionFacts>(connection.info());
  route(record_of(connection), std::move(event), request.body);
}

void Link::tell_attempt(Connection& connection) {
  tell(connection, QueuedEvent::Kind::upgrade);
}

void Link::route(const RecordPtr& record, QueuedEvent event, std::string_view data) {
  const bool was_told = std::exchange(record->told, true);
  try {
    if (route_->sink && route_->sink->on_network_event(record, event, data)) return;
  } catch (...) {
    record->told = was_told;
    throw;
  }
  record->told = was_told;
  queue(record, std::move(event), data);
}

namespace {

// A large message is taken as it lies, unless that's much more memory than it counts for.
void fill(QueuedEvent& event, Connection* connection, std::string_view data) {
  Buffer* const memory = connection ? connection->message_memory() : nullptr;
  const bool is_taken =
      memory && data.size() >= smallest_kept && memory->capacity() <= data.size() + data.size() / 4;
  if (is_taken) {
    event.data = std::move(*memory);
  } else {
    event.data.clear();
    event.data.append(data);
  }
}

}  // namespace

void Link::queue(const RecordPtr& record, QueuedEvent event, std::string_view data) {
  QueuedEventPtr queued = route_->inbox.make();
  event.record = record;
  event.data = std::move(queued->data);
  fill(event, record->connection, data);
  *queued = std::move(event);
  push(record, std::move(queued));
}

// Charged first: the script may be quick. What can't be pushed ends its connection.
void Link::push(const RecordPtr& record, QueuedEventPtr event) {
  const std::size_t cost = event->cost();
  hold_pending(*record, cost);
  try {
    route_->inbox.push(std::move(event));
  } catch (...) {
    note_handled(*record, cost);
    throw;
  }
  record->told = true;
  if (route_->on_pushed) route_->on_pushed();
}

void Link::release(Connection& connection) {
  if (!connection.user_data) return;
  const RecordPtr record = std::move(static_cast<Record*>(connection.user_data)->keep_alive);
  connection.user_data = nullptr;
  const struct Releases {
    Record& record;
    ~Releases() { record.connection = nullptr; }
  } releases{*record};
  if (record->end_told || !record->told || stopped_) return;
  tell_last(record, QueuedEvent::Kind::gone, nullptr);
}

void Link::hold_pending(const Record& record, std::size_t bytes) {
  if (record.is_remote) {
    remote_pending_ += bytes;
  } else {
    record.connection->hold_pending(bytes);
  }
}

void Link::note_handled(Record& record, std::size_t bytes) {
  if (record.is_remote) {
    remote_pending_ -= bytes;
  } else if (record.connection) {
    record.connection->release_pending(bytes);
  } else {
    release_pending(bytes);
  }
}

}  // namespace simws::dispatch
