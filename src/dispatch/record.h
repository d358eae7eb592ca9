// A connection as both threads know it. Each field says whose it is.
#pragma once

#include "base/buffer.h"
#include "dispatch/event.h"
#include "protocol/outlet.h"

#include <simws/broker.h>
#include <simws/connection.h>

#include <atomic>
#include <cstddef>
#include <forward_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace simws::dispatch {

struct Record;
using RecordPtr = std::shared_ptr<Record>;
struct QueuedEvent;
using QueuedEventPtr = std::unique_ptr<QueuedEvent>;

// What an event has to tell of a topic.
struct TopicNotice {
  static constexpr std::size_t taken = static_cast<std::size_t>(-1);

  explicit TopicNotice(std::string_view of) : topic(of) {}
  TopicNotice(std::string_view of, const RemoteViewer& by) : topic(of), viewer(by) {}
  // False: the script has been told already, and needs another one.
  bool add(std::size_t count);
  std::size_t take() { return lost.exchange(taken); }

  const std::string topic;
  const std::optional<RemoteViewer> viewer = {};  // of an edge, who has published to it
  std::atomic<std::size_t> lost{0};               // messages; both threads'
};

// An event on its way to the script's thread.
struct QueuedEvent {
  // `gone`: the connection has ended and has nothing to tell; the script's thread forgets it.
#define SIMWS_ENUMERATOR(name) name,
  enum class Kind : std::uint8_t { SIMWS_EVENT_KINDS(SIMWS_ENUMERATOR) gone };
#undef SIMWS_ENUMERATOR

  RecordPtr record;  // null while it waits there
  Kind kind = Kind::message;
  Opcode opcode = Opcode::text;
  bool is_last = false;  // its client has no other to come
  Buffer data;
  std::shared_ptr<TopicNotice> notice;  // of drops, and what pages publish
  // With all but these and messages; null also where there was no memory for it: then the
  // connection ended by that.
  std::unique_ptr<ConnectionFacts> info;
  QueuedEventPtr next;  // of the same connection

  // What it counts against max_pending_bytes: nothing when the connection can't hold any more.
  std::size_t cost() const;
};

static_assert(static_cast<std::size_t>(QueuedEvent::Kind::gone) == event_kind_count);

// What has happened to a connection and is not yet handled.
class EventQueue {
 public:
  EventQueue() = default;
  ~EventQueue() {
    while (!empty()) pop();
  }
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  bool empty() const { return !first_; }
  void push(QueuedEventPtr event) {
    QueuedEventPtr& end = empty() ? first_ : last_->next;
    last_ = event.get();
    end = std::move(event);
  }
  void push_front(QueuedEventPtr event) {
    if (empty()) last_ = event.get();
    event->next = std::move(first_);
    first_ = std::move(event);
  }
  // REQUIRES: not empty.
  QueuedEventPtr pop() {
    QueuedEventPtr event = std::move(first_);
    first_ = std::move(event->next);
    return event;
  }

 private:
  QueuedEventPtr first_;
  QueuedEvent* last_ = nullptr;  // meaningless while empty
};

// Records in a row, each in one at most; adding and taking need no memory.
class RecordRing {
 public:
  RecordRing() = default;
  ~RecordRing() {
    while (!empty()) pop();
  }
  RecordRing(const RecordRing&) = delete;
  RecordRing& operator=(const RecordRing&) = delete;

  bool empty() const { return !first_; }
  void push(RecordPtr record) noexcept;
  void push_front(RecordPtr record) noexcept;
  // REQUIRES: not empty.
  RecordPtr pop() noexcept;

 private:
  RecordPtr first_;
  Record* last_ = nullptr;  // meaningless while empty
};

struct Record {
  // Of all viewers of edges: it has no connection.
  explicit Record(EndpointId of_endpoint) : endpoint(of_endpoint), is_remote(true) {}
  Record(EndpointId of_endpoint, std::shared_ptr<protocol::Outlet> through)
      : outlet(std::move(through)), endpoint(of_endpoint) {}

  // What each message asks for comes first, and what is small lies together, whoever's it is: these
  // are many, and a broadcast visits them all.
  //
  // Its messages are admitted here, on the script's thread.
  const std::shared_ptr<protocol::Outlet> outlet;
  // The network's thread.
  Connection* connection = nullptr;  // null: released
  const EndpointId endpoint;
  const bool is_remote = false;
  // The network's thread.
  bool told = false;      // an event of it is on its way to the script, or has been
  bool opened = false;    // so is its open event
  bool end_told = false;  // so is its close or fail event
  // The script's thread.
  bool open_told = false;
  bool closing = false;   // the script has asked for it, or has sent more than may wait
  bool deferred = false;  // the script answers its http or upgrade request later
  bool asked = false;     // whether the script admits it
  bool turned_away =
      false;  // it opened before the script wanted to be asked, which hears nothing of it

  EventQueue waiting;       // the inbox's
  RecordPtr next_in_ring;   // likewise
  ConnectionId id = 0;      // 0: the script hasn't heard of it
  ConnectionFacts info;     // as of the latest event
  std::size_t handled = 0;  // bytes of handled events not yet reported to the network

  // The network's thread.
  RecordPtr keep_alive;  // while the connection points here
  QueuedEventPtr end;    // for its last event, made first so that it can be told
  std::forward_list<std::weak_ptr<TopicNotice>> losses;  // that the script may not know yet
};

}  // namespace simws::dispatch
