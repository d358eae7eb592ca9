#include "protocol/outlet.h"

#include <new>

namespace simws::protocol {

Charge::Charge(OutputGauges& gauges, std::size_t waiting, std::size_t memory)
    : gauges_(&gauges), waiting_(waiting), memory_(memory) {
  gauges.connection.hand_over(waiting);
  gauges.server->own().hand_over(memory);
}

Charge::~Charge() {
  if (!gauges_) return;
  gauges_->connection.lose(waiting_);
  gauges_->server->own().lose(memory_);
}

void Charge::arrive() {
  if (!gauges_) return;
  gauges_->connection.arrive(waiting_);
  gauges_->server->own().arrive(memory_);
  gauges_ = nullptr;
}

Result<Verdict> Outlet::admit_on(Thread thread, std::string_view data, Opcode opcode, bool fin) {
  if (is_closed()) {
    auto checked = check_nowhere_to_go(data, opcode, max_queued_bytes());
    if (!checked) return std::move(checked).error();
    return Verdict::closed;
  }
  const SendCheck before = check_;
  if (auto checked = check_.check(data, opcode, fin, max_queued_bytes()); !checked) {
    return std::move(checked).error();
  }
  const Verdict verdict = judge(data.size(), Message::frame_size(data.size()), thread);
  if (verdict != Verdict::admitted) check_ = before;
  return verdict;
}

Result<Verdict> Outlet::admit(std::string_view data, Opcode opcode, bool fin) {
  return admit_on(Thread::networks, data, opcode, fin);
}

Result<Verdict> Outlet::admit(std::string_view data, Opcode opcode, bool fin, Charge& charge) {
  auto verdict = admit_on(Thread::other, data, opcode, fin);
  if (verdict && *verdict == Verdict::admitted) {
    const std::size_t frame = Message::frame_size(data.size());
    charge = Charge(gauges_, frame, frame);
  }
  return verdict;
}

Verdict Outlet::admit(const SharedMessage& shared) {
  return admit_on(Thread::networks, shared);
}

Verdict Outlet::admit(const SharedMessage& shared, Charge& charge) {
  const Verdict verdict = admit_on(Thread::other, shared);
  if (verdict == Verdict::admitted) {
    charge = Charge(gauges_, shared.view().frame().size(), reference_cost);
  }
  return verdict;
}

Verdict Outlet::admit_on(Thread thread, const SharedMessage& shared) {
  if (is_closed()) return Verdict::closed;
  if (check_.in_message()) return Verdict::in_message;
  return judge(shared.view().payload().size(), reference_cost, thread);
}

std::optional<Charge> Outlet::admit_answer(std::size_t bytes) {
  if (!has_room_for_answer(bytes)) return std::nullopt;
  return Charge(gauges_, bytes, bytes);
}

// Other threads see it as it was made.
TrafficCounter* Outlet::begin_counting() noexcept {
  auto* const made = new (std::nothrow) TrafficCounter;
  traffic_.store(made, std::memory_order_release);
  return made;
}

Traffic Outlet::traffic(Time now) const {
  const TrafficCounter* const counted = traffic_.load(std::memory_order_acquire);
  return counted ? counted->traffic(now) : Traffic{};
}

// A message that is just as large as may wait has its frame's header besides.
Verdict Outlet::judge(std::size_t payload, std::size_t memory, Thread thread) {
  const bool is_other = thread == Thread::other;
  Gauge& own = gauges_.connection;
  OutputBudget& server = *gauges_.server;
  const std::size_t limit = server.max_queued_bytes();
  const std::size_t waiting = is_other ? own.used_by_sender(limit, payload) : own.used();
  if (!Gauge::has_room(waiting, limit, payload)) return Verdict::over_max_queued;
  const bool is_room = is_other ? server.sender_has_room_for(memory) : server.has_room_for(memory);
  return is_room ? Verdict::admitted : Verdict::over_total_queued;
}

Result<bool> check_nowhere_to_go(std::string_view data, Opcode opcode,
                                 std::size_t max_queued_bytes) {
  if (opcode == Opcode::continuation) return false;
  if (auto checked = check_whole_message(data, opcode, max_queued_bytes); !checked) {
    return std::move(checked).error();
  }
  return false;
}

Result<void> check_whole_message(std::string_view data, Opcode opcode,
                                 std::size_t max_queued_bytes) {
  SendCheck whole;
  return whole.check(data, opcode, true, max_queued_bytes);
}

}  // namespace simws::protocol
