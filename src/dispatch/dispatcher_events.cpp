// Events: from the network's thread, or from the network driven by the script's own.
#include "dispatch/dispatcher.h"

#include "base/log.h"
#include "base/restored.h"
#include "protocol/http/info_page.h"
#include "protocol/http/response.h"

#include <algorithm>
#include <cstddef>
#include <new>
#include <string>
#include <utility>

namespace simws::dispatch {

namespace {

// While the script is busy the network looks by itself for what a callback that takes long has
// sent.
constexpr Seconds look_interval{0.002};

// The part of a pass's budget that telling the network what was handled may take: it wakes it.
constexpr double share_of_reporting = 0.04;

// After it a script that calls no pass has forgotten to.
constexpr Seconds longest_neglect{2};

// Belongs to the network's thread.
struct Look {
  EventLoop& loop;
  std::shared_ptr<Route> route;
  std::shared_ptr<Outbox> outbox;
  bool set = false;
  std::size_t taken = 0;  // events, when the first of those that wait came
  Time waiting_since{};

  static void set_up(const std::shared_ptr<Look>& look) {
    if (look->set) return;
    look->loop.call_after(look_interval, [look] {
      look->set = false;
      look->outbox->execute_all();
      look->note_waiting();
      if (look->route->inbox.is_busy()) set_up(look);
    });
    look->set = true;
  }

  void note_waiting() {
    const Inbox& inbox = route->inbox;
    const Time now = Clock::now();
    const bool waits = inbox.has_events() && !inbox.is_in_pass() && inbox.taken() == taken;
    if (!waits || waiting_since == Time{}) {
      waiting_since = inbox.has_events() ? now : Time{};
      taken = inbox.taken();
    } else if (now - waiting_since >= longest_neglect && route->on_neglected) {
      std::exchange(route->on_neglected, nullptr)();
    }
  }
};

// The inbox knows of a pass, however it ends.
class InPass {
 public:
  explicit InPass(Inbox& inbox) : inbox_(inbox) { inbox_.set_in_pass(true); }
  ~InPass() { inbox_.set_in_pass(false); }
  InPass(const InPass&) = delete;
  InPass& operator=(const InPass&) = delete;

 private:
  Inbox& inbox_;
};

HttpResponse not_handled() {
  return protocol::http::plain_response(500, "The request could not be handled.");
}

// Of one that isn't clean.
void note_ending(ConnectionFacts& info, CloseCode code) {
  info.state = ConnectionState::closed;
  info.close_code = code;
  info.close_reason.clear();
  info.clean = false;
}

}  // namespace

Dispatcher::Dispatcher(Network& network, EventHandler& handler, std::function<void()> on_neglected)
    : network_(network), handler_(handler) {
  auto look = std::make_shared<Look>(Look{network.loop(), route_, outbox_});
  // The look holds the route, so the route may not hold the look.
  route_->on_pushed = [weak = std::weak_ptr<Look>(look)] {
    const auto held = weak.lock();
    if (!held) return;
    try {
      Look::set_up(held);
    } catch (const std::bad_alloc&) {
      // The network looks when it's woken, at the end of the pass.
    }
  };
  look_ = std::move(look);
  route_->sink = this;
  route_->on_neglected = std::move(on_neglected);
}

Dispatcher::~Dispatcher() {
  stop_silently();
}

std::size_t Dispatcher::deliver(Seconds budget) {
  if (delivering_) return 0;
  const std::size_t count = route_->inbox.has_events() ? run_pass(budget) : 0;
  if (has_descriptor_) route_->inbox.arm();
  return count;
}

std::size_t Dispatcher::run_pass(Seconds budget) {
  const Time begun = Clock::now();
  const Time end = begun + std::chrono::duration_cast<Duration>(budget * (1 - share_of_reporting));
  pass_ends_ = false;
  std::size_t count = 0;
  {
    const InPass in_pass(route_->inbox);
    Time now = begun;
    count = handle_waiting(now, end);
    times_->pass.observe(now - begun);
  }
  wake_network();
  return count;
}

// The clock that is read for the budget measures the callbacks.
std::size_t Dispatcher::handle_waiting(Time& now, Time end) {
  const Restored<bool> in_pass(in_pass_, true);
  std::size_t count = 0;
  do {
    QueuedEventPtr event = route_->inbox.take();
    if (!event) break;
    try {
      prepare(event->record, event->kind);
    } catch (const std::bad_alloc&) {
      log_thrown(event->record->endpoint, "events wait for the next pass: ");
      route_->inbox.put_back(std::move(event));
      break;
    }
    const bool is_told = event->kind != QueuedEvent::Kind::gone;
    if (is_told) note_handled(event->record, event->cost());
    handle(event->record, *event, event->data.text());
    if (is_told) ++count;
    route_->inbox.give_back(std::move(event));
    const Time handled = Clock::now();
    if (is_told) times_->callback.observe(handled - now);
    now = handled;
  } while (!pass_ends_ && now < end);
  report_handled();
  return count;
}

void Dispatcher::wait(Seconds timeout) {
  // An interrupt has set both the flag and the waker, and must not end a later wait too.
  route_->inbox.wait(interrupted_.exchange(false) ? Seconds{0} : timeout);
  interrupted_.store(false);
}

int Dispatcher::fileno() {
  has_descriptor_ = true;
  route_->inbox.arm();
  return route_->inbox.fileno();
}

std::size_t Dispatcher::serve(Seconds timeout) {
  const bool had_thread = network_.driver() == Driver::thread;
  network_.drive_by_caller();
  outbox_->execute_all();
  direct_count_ = 0;
  pass_ends_ = false;
  while (!pass_ends_ && route_->inbox.has_events()) direct_count_ += deliver(Seconds{0});
  serve_turns(timeout);
  if (had_thread) hand_back_to_thread();
  return direct_count_;
}

void Dispatcher::hand_back_to_thread() {
  const auto driven = network_.drive_by_thread();
  if (driven || endpoints_.empty()) return;
  endpoints_.begin()->second->link->logger()(
      LogLevel::warning,
      driven.error().message + "; connections are served only while the script waits");
}

void Dispatcher::serve_turns(Seconds timeout) {
  const bool endless = timeout < Seconds{0};
  const Time end =
      Clock::now() + std::chrono::duration_cast<Duration>(endless ? Seconds{0} : timeout);
  const Restored<bool> serving(serving_, true);
  Seconds left = timeout;
  while (expects_events() && !pass_ends_ && !interrupted_.exchange(false)) {
    network_.turn(left);
    if (endless) continue;
    left = end - Clock::now();
    if (left <= Seconds{0}) break;
  }
}

void Dispatcher::end_pass() {
  pass_ends_ = delivering_;
}

// The flag is for a wait or serve that is about to begin, the rest for the one under way.
void Dispatcher::interrupt() {
  interrupted_.store(true);
  route_->inbox.interrupt();
  network_.loop().stop();
}

// The network's turn goes on to its end when the pass has ended. Another script may be the one
// whose turn it is.
bool Dispatcher::on_network_event(const RecordPtr& record, QueuedEvent& event,
                                  std::string_view data) {
  if (network_.driver() != Driver::caller_in_turn || !serving_ || pass_ends_) return false;
  prepare(record, event.kind);
  const bool is_told = event.kind != QueuedEvent::Kind::gone;
  if (is_told) ++direct_count_;
  const std::uint64_t stands_for = is_told ? sample_.next() : 0;
  const Time begun = stands_for > 0 ? Clock::now() : Time{};
  handle(record, event, data);
  if (stands_for > 0) times_->callback.observe(Clock::now() - begun, stands_for);
  return true;
}

// All that needs memory before an event is handed on: what it throws changes nothing.
void Dispatcher::prepare(const RecordPtr& record, QueuedEvent::Kind kind) {
  if (handled_.size() == handled_.capacity()) handled_.reserve(handled_.size() * 2 + 1);
  const auto found = endpoints_.find(record->endpoint);
  if (found == endpoints_.end() || found->second->stopped) return;
  const bool is_new = record->id == 0 && !record->is_remote;
  if (is_new && kind != QueuedEvent::Kind::gone) introduce(*found->second, record);
}

// REQUIRES: it's prepared.
void Dispatcher::handle(const RecordPtr& record, QueuedEvent& event, std::string_view data) {
  using Kind = QueuedEvent::Kind;
  const auto found = endpoints_.find(record->endpoint);
  if (found == endpoints_.end() || found->second->stopped) return;
  ScriptEndpoint& owner = *found->second;
  if (owner.client) note_client_event(owner, record, event);
  if (event.kind == Kind::gone) {
    owner.records.erase(record->id);
    return;
  }
  if (turns_away(owner, record, event)) return;
  // From the return of `close` on.
  const bool is_of_open = event.kind == Kind::message || event.kind == Kind::drop;
  if (is_of_open && record->closing) return;
  if (event.info) {
    record->info = std::move(*event.info);
  } else if (event.kind == Kind::close) {
    note_ending(record->info, CloseCode::abnormal_closure);
  }
  if (event.kind == Kind::open) record->open_told = true;
  if (event.kind == Kind::close) record->open_told = false;

  const bool asks = event.kind == Kind::http || event.kind == Kind::upgrade;
  if (asks) request_ = record;
  if (event.kind == Kind::upgrade) record->asked = true;
  const bool handled = hand_on(*record, event, data);
  if (asks && request_) answer_undecided(handled, event.kind);
  // A message's record may be gone with its connection.
  if (!is_of_open) finish(*record, event.kind);
}

// It opened before the script wanted to be asked: nobody comes in without that.
bool Dispatcher::turns_away(const ScriptEndpoint& owner, const RecordPtr& record,
                            const QueuedEvent& event) {
  using Kind = QueuedEvent::Kind;
  const bool is_unasked =
      event.kind == Kind::open && owner.server && owner.server->is_deciding() && !record->asked;
  if (is_unasked && !std::exchange(record->turned_away, true)) {
    command(CloseCommand{record, CloseCode::try_again_later, "the server has just started"});
    record->outlet->close();
    const std::string who = event.info ? event.info->remote_address : "a client";
    owner.link->logger()(
        LogLevel::info,
        who + ": closed with 1013: it connected before setUpgradeHandler was called");
  }
  if (record->turned_away && event.kind == Kind::close) finish(*record, event.kind);
  return record->turned_away;
}

// No handler has answered.
void Dispatcher::answer_undecided(bool is_handled, QueuedEvent::Kind kind) {
  if (!is_handled || kind == QueuedEvent::Kind::http) return answer_by_default(is_handled);
  const RecordPtr record = std::exchange(request_, nullptr);
  try {
    admit_to(record, {});
  } catch (const std::bad_alloc&) {
    log_thrown(record->endpoint, "a WebSocket could not be admitted: ");
  }
}

// The server or client may be gone by now: the handler may have stopped it.
void Dispatcher::finish(const Record& record, QueuedEvent::Kind kind) {
  const auto still = endpoints_.find(record.endpoint);
  if (still == endpoints_.end()) return;
  ScriptEndpoint& owner = *still->second;
  if (kind == QueuedEvent::Kind::open && owner.client) {
    try {
      send_kept(owner);
    } catch (const std::bad_alloc&) {
      log_thrown(record.endpoint, "a message that was kept is lost: ");
    }
  }
  const bool has_ended = kind == QueuedEvent::Kind::close || kind == QueuedEvent::Kind::fail;
  if (has_ended) owner.records.erase(record.id);
}

HttpResponse Dispatcher::nothing_here(const Record& record) const {
  const auto owner = find_endpoint(record.endpoint);
  if (owner && (*owner)->server && (*owner)->server->has_info_page()) {
    if (auto page = protocol::http::info_page(record.info.request)) return std::move(*page);
  }
  return protocol::http::plain_response(404, "");
}

// Where there's no memory for the command, it's answered when the server stops.
void Dispatcher::answer_by_default(bool is_handled) {
  const RecordPtr record = std::exchange(request_, nullptr);
  try {
    if (is_handled) {
      respond_by_default(record, nothing_here(*record));
    } else {
      respond_to(record, not_handled());
    }
  } catch (const std::bad_alloc&) {
    record->deferred = true;
    log_thrown(record->endpoint, "a request could not be answered: ");
  }
}

void Dispatcher::introduce(ScriptEndpoint& owner, const RecordPtr& record) {
  const std::size_t count = owner.records.size() + 1;
  if (owner.ends.capacity() < count) owner.ends.reserve(count * 2);
  owner.records.emplace(owner.last_id + 1, record);
  record->id = ++owner.last_id;
}

namespace {

// Smaller messages cost less than it does to ask whose memory they lie in.
constexpr std::size_t smallest_released = std::size_t{256} << 10;

// Null: it isn't the message's alone. One that waited in the inbox lies in its event, one that
// comes from the network as it's told in its connection's memory or in what was read.
Buffer* memory_of(const Record& record, QueuedEvent& event, std::string_view data) {
  if (event.kind != QueuedEvent::Kind::message || data.size() < smallest_released) return nullptr;
  if (!event.data.empty()) return &event.data;
  return record.connection ? record.connection->message_memory() : nullptr;
}

}  // namespace

// False: the handler threw.
bool Dispatcher::hand_on(const Record& record, QueuedEvent& event, std::string_view data) {
  Event told;
  told.kind = static_cast<EventKind>(event.kind);
  told.endpoint = record.endpoint;
  told.connection = record.id;
  told.opcode = event.opcode;
  told.data = data;
  told.memory = memory_of(record, event, data);
  if (event.notice) told.topic = event.notice->topic;
  if (event.notice && event.notice->viewer) told.viewer = &*event.notice->viewer;
  if (event.kind == QueuedEvent::Kind::drop) told.count = event.notice->take();
  if (event.kind == QueuedEvent::Kind::http || event.kind == QueuedEvent::Kind::upgrade) {
    told.method = record.info.request.method();
    told.resource = record.info.request.resource();
  }
  const Restored<bool> delivering(delivering_, true);
  try {
    handler_.on_event(told);
    return true;
  } catch (...) {
    log_thrown(record.endpoint, "an event could not be handled: ");
    return false;
  }
}

// The handler's own errors are its own to log: this is a lack of memory, or a logger that threw.
void Dispatcher::log_thrown(EndpointId endpoint, std::string_view what) const noexcept {
  try {
    const std::string words = std::string(what) + thrown_words();
    const auto found = find_endpoint(endpoint);
    if (found) (*found)->link->logger()(LogLevel::error, words);
  } catch (...) {
    // Nobody is left to tell.
  }
}

void Dispatcher::note_handled(const RecordPtr& record, std::size_t cost) {
  if (record->handled == 0) handled_.push_back(record);
  record->handled += cost;
}

// What can't be told now, the next pass tells.
void Dispatcher::report_handled() noexcept {
  std::size_t told = 0;
  try {
    for (; told < handled_.size(); ++told) {
      const RecordPtr& record = handled_[told];
      const auto found = endpoints_.find(record->endpoint);
      // Else a handler has stopped it.
      if (found != endpoints_.end()) {
        command(HandledCommand{record, found->second->link, record->handled});
      }
      record->handled = 0;
    }
  } catch (const std::bad_alloc&) {
    // See above.
  }
  handled_.erase(handled_.begin(), handled_.begin() + static_cast<std::ptrdiff_t>(told));
}

void Dispatcher::hand_on_closes(ScriptEndpoint& owner, CloseCode code) {
  std::vector<RecordPtr>& opened = owner.ends;
  for (const auto& [id, record] : owner.records) {
    if (record->open_told) opened.push_back(record);
  }
  std::ranges::sort(opened, {}, [](const RecordPtr& record) { return record->id; });
  QueuedEvent close;
  close.kind = QueuedEvent::Kind::close;
  for (const RecordPtr& record : opened) {
    record->open_told = false;
    note_ending(record->info, code);
    hand_on(*record, close, {});
    owner.records.erase(record->id);
  }
}

}  // namespace simws::dispatch
