#include "endpoint/server_core.h"

#include "base/utf8.h"

#include <algorithm>
#include <utility>

namespace simws::endpoint {

namespace {

// Clients over a limit still hear why: so many at a time are read and refused with 503.
constexpr std::size_t max_refusals_at_a_time = 64;
constexpr std::size_t most_flushed_together = 64;  // bounds what a flush keeps in memory
constexpr std::size_t max_spare_queues = 128;
constexpr std::size_t spare_queue_capacity = 64 * 1024;

protocol::HandshakeRules make_rules(const ServerOptions& options) {
  return {{options.hosts, options.origins, transport::machine_name()},
          options.subprotocols,
          options.server_name};
}

// Beyond this a wait is as good as endless, and the clock's arithmetic stays clear of its end.
constexpr Seconds longest_wait{86400.0 * 365};

// However short, a time is not none.
Duration to_duration(Seconds seconds) {
  if (seconds == Seconds{0}) return Duration{0};
  return std::max(Duration{1},
                  std::chrono::duration_cast<Duration>(std::min(seconds, longest_wait)));
}

}  // namespace

ServerCore::ServerCore(transport::Loop& loop, ServerOptions options, ServerHandlers handlers)
    : loop_(loop),
      options_(std::move(options)),
      handlers_(std::move(handlers)),
      rules_(make_rules(options_)),
      deadlines_(loop),
      pending_(options_.max_pending_bytes, *this),
      awaited_timer_(loop.make_timer([this] { give_up_awaited(); })),
      started_(loop.now()) {
  deadlines_.set_duration(DeadlineKind::handshake, to_duration(options_.handshake_timeout));
  deadlines_.set_duration(DeadlineKind::keep_alive, to_duration(options_.keep_alive_timeout));
  deadlines_.set_duration(DeadlineKind::ping, to_duration(options_.ping_interval));
  deadlines_.set_duration(DeadlineKind::pong, to_duration(options_.ping_timeout));
  deadlines_.set_duration(DeadlineKind::close, to_duration(options_.close_timeout));
  end_of_turn_ = loop_.add_end_of_turn([this] { end_turn(); });
}

ServerCore::~ServerCore() {
  loop_.remove_end_of_turn(end_of_turn_);
}

ServerInfo ServerCore::info() const {
  ServerInfo info;
  info.host = options_.host.empty() ? "127.0.0.1" : options_.host;
  info.port = port_;
  info.connections = counters_.open_connections.get();
  info.messages_in = counters_.messages_in.get();
  info.messages_out = counters_.messages_out.get();
  info.bytes_in = counters_.bytes_in.get();
  info.bytes_out = counters_.bytes_out.get();
  info.dropped = counters_.dropped.get();
  info.refused = counters_.refused.get();
  info.queued_bytes = counters_.queued_bytes.get();
  info.uptime = Clock::now() - started_;
  return info;
}

std::vector<Connection*> ServerCore::connections() {
  std::vector<Connection*> result;
  result.reserve(open_.size());
  for (const auto& connection : open_) {
    if (connection->state() == ConnectionState::open) result.push_back(connection.get());
  }
  return result;
}

Result<std::size_t> ServerCore::broadcast(std::string_view data, Opcode opcode,
                                          const std::function<bool(Connection&)>& filter) {
  if (opcode != Opcode::text && opcode != Opcode::binary) {
    return Error{ErrorCode::invalid_argument, "a broadcast is a whole message: text or binary"};
  }
  if (auto sized = check_size(data, options_.max_queued_bytes); !sized) {
    return std::move(sized).error();
  }
  if (opcode == Opcode::text) {
    if (auto valid = check_utf8(data); !valid) return std::move(valid).error();
  }
  auto frame = std::make_shared<std::string>();
  frame->reserve(data.size() + protocol::max_frame_header_size);
  protocol::append_frame(*frame, static_cast<protocol::FrameOpcode>(opcode), true, as_bytes(data));
  const SharedFrame shared = std::move(frame);
  std::size_t count = 0;
  const bool was_stopped = stopped_;
  for (const auto& connection : open_) {
    const bool wanted = !filter || filter(*connection);
    if (stopped_ != was_stopped) break;  // by the filter: none is open any more
    if (wanted && connection->send_shared(shared)) ++count;
  }
  return count;
}

void ServerCore::accept(std::unique_ptr<transport::Stream> stream) {
  const transport::Address address = stream->remote_address();
  const bool full = is_full(address);
  if (full && refusing_ >= max_refusals_at_a_time) {
    counters_.refused.add(1);
    return;
  }
  ++count_;
  if (full) {
    ++refusing_;
  } else if (options_.max_connections_per_address > 0) {
    ++per_address_[address.ip];
  }
  auto connection = std::make_unique<ServerConnection>(*this, std::move(stream), full);
  ServerConnection& added = *connection;
  arriving_.push_back(std::move(connection));
  added.place = std::prev(arriving_.end());
  added.list = &arriving_;
}

bool ServerCore::is_full(const transport::Address& address) {
  if (count_ - refusing_ >= options_.max_connections) return true;
  if (options_.max_connections_per_address == 0) return false;
  const auto found = per_address_.find(address.ip);
  return found != per_address_.end() && found->second >= options_.max_connections_per_address;
}

void ServerCore::forget_address(const transport::Address& address) {
  const auto found = per_address_.find(address.ip);
  if (found != per_address_.end() && --found->second == 0) per_address_.erase(found);
}

void ServerCore::stop(bool tell) {
  if (std::exchange(stopped_, true)) return;
  listeners_.clear();
  while (!open_.empty()) open_.front()->stop(tell);
  std::vector<ServerConnection*> arriving;
  for (const auto& connection : arriving_) arriving.push_back(connection.get());
  for (ServerConnection* connection : arriving) connection->stop(tell);
  pending_.stop();
  tell_finished();
}

void ServerCore::on_finished(transport::Task task) {
  on_finished_ = std::move(task);
  tell_finished();
}

void ServerCore::tell_finished() {
  if (stopped_ && count_ == 0 && on_finished_) std::exchange(on_finished_, nullptr)();
}

void ServerCore::flush_at_end_of_turn(ServerConnection& connection) {
  dirty_.push_back(&connection);
  loop_.want_end_of_turn();
}

void ServerCore::move_to(ConnectionList& list, ServerConnection& connection) {
  if (connection.list == &list) return;
  list.splice(list.end(), *connection.list, connection.place);
  connection.list = &list;
}

void ServerCore::retire(ServerConnection& connection) {
  --count_;
  if (connection.is_refused()) {
    --refusing_;
  } else if (options_.max_connections_per_address > 0) {
    forget_address(connection.address());
  }
  retired_.push_back(std::move(*connection.place));
  connection.list->erase(connection.place);
  loop_.want_end_of_turn();
}

// A flush may call handlers, which may queue more: the list grows while it's gone through.
void ServerCore::end_turn() {
  for (std::size_t done = 0; done < dirty_.size();) {
    const std::size_t count = std::min(dirty_.size() - done, most_flushed_together);
    flush(done, count);
    done += count;
  }
  dirty_.clear();
  retired_.clear();
  tell_finished();
}

// Step by step for all of them: together they are written by fewer calls to the system, and no
// handler is called between a write and the note of it.
void ServerCore::flush(std::size_t first, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) dirty_[first + i]->begin_flush();

  writes_.clear();
  writers_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    if (const auto write = dirty_[first + i]->make_write()) {
      writes_.push_back(*write);
      writers_.push_back(dirty_[first + i]);
    }
  }
  loop_.write(writes_);
  for (std::size_t i = 0; i < writes_.size(); ++i) {
    writers_[i]->note_written(writes_[i].bytes.size(), writes_[i].taken);
  }

  for (std::size_t i = 0; i < count; ++i) dirty_[first + i]->end_flush();
}

std::unique_ptr<OutputQueue> ServerCore::take_queue() {
  if (spare_queues_.empty()) return std::make_unique<OutputQueue>();
  std::unique_ptr<OutputQueue> queue = std::move(spare_queues_.back());
  spare_queues_.pop_back();
  return queue;
}

void ServerCore::give_back(std::unique_ptr<OutputQueue> queue) {
  if (spare_queues_.size() >= max_spare_queues) return;
  queue->clear(spare_queue_capacity);
  spare_queues_.push_back(std::move(queue));
}

template <typename Visitor>
void ServerCore::for_each_connection(Visitor&& visit) {
  for (const auto& connection : arriving_) visit(*connection);
  for (const auto& connection : open_) visit(*connection);
}

void ServerCore::set_over_share(PendingSource& source, bool over) {
  static_cast<ServerConnection&>(source).set_hold(ServerConnection::Hold::share, over);
}

void ServerCore::set_gate(bool closed, PendingSource* exception) {
  for_each_connection([&](ServerConnection& connection) {
    connection.set_hold(ServerConnection::Hold::gate, closed && &connection != exception);
  });
  awaited_ = closed ? static_cast<ServerConnection*>(exception) : nullptr;
  if (awaited_) {
    awaited_timer_->start(loop_.now() + to_duration(options_.ping_timeout));
  } else {
    awaited_timer_->stop();
  }
}

// All others wait for its message to end.
void ServerCore::give_up_awaited() {
  if (awaited_) awaited_->give_up_message();
}

PendingSource* ServerCore::find_oldest_unfinished() {
  ServerConnection* oldest = nullptr;
  for_each_connection([&](ServerConnection& connection) {
    const std::uint64_t age = PendingBudget::begun_at(connection);
    if (age != 0 && (!oldest || age < PendingBudget::begun_at(*oldest))) oldest = &connection;
  });
  return oldest;
}

}  // namespace simws::endpoint
