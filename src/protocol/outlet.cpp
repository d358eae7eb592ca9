#include "protocol/outlet.h"

namespace simws::protocol {

Charge::Charge(OutputGauges& gauges, std::size_t waiting, std::size_t memory, Side side)
    : gauges_(&gauges), waiting_(waiting), memory_(memory), side_(side) {
  add(waiting, memory);
}

void Charge::add(std::size_t waiting, std::size_t memory) {
  if (side_ == Side::queued) {
    gauges_->connection.queue(waiting);
    gauges_->server->queue(memory);
  } else {
    gauges_->connection.hand_over(waiting);
    gauges_->server->hand_over(memory);
  }
}

void Charge::subtract(std::size_t waiting, std::size_t memory) {
  if (side_ == Side::queued) {
    gauges_->connection.unqueue(waiting);
    gauges_->server->unqueue(memory);
  } else {
    gauges_->connection.take_back(waiting);
    gauges_->server->take_back(memory);
  }
}

// Counted twice for a moment, never not at all.
void Charge::queue() {
  if (!gauges_ || side_ == Side::queued) return;
  side_ = Side::queued;
  add(waiting_, memory_);
  gauges_->connection.take_back(waiting_);
  gauges_->server->take_back(memory_);
}

void Charge::count_as_own() {
  if (!gauges_) return;
  gauges_->server->queue(waiting_ - memory_);  // modulo 2^64 when it shrinks
  memory_ = waiting_;
}

void Charge::merge(Charge&& other) {
  if (!gauges_) return swap(other);
  waiting_ += std::exchange(other.waiting_, 0);
  memory_ += std::exchange(other.memory_, 0);
}

void Charge::give_back(std::size_t waiting, std::size_t memory) {
  waiting_ -= waiting;
  memory_ -= memory;
  subtract(waiting, memory);
}

Result<Verdict> Outlet::admit(std::string_view data, Opcode opcode, bool fin, Charge& charge,
                              Charge::Side side) {
  if (is_closed()) {
    auto checked = check_nowhere_to_go(data, opcode, max_queued_bytes());
    if (!checked) return std::move(checked).error();
    return Verdict::closed;
  }
  const SendCheck before = check_;
  if (auto checked = check_.check(data, opcode, fin, max_queued_bytes()); !checked) {
    return std::move(checked).error();
  }
  const std::size_t frame = Message::frame_size(data.size());
  const Verdict verdict = judge(data.size(), frame);
  if (verdict == Verdict::admitted) {
    charge = Charge(gauges_, frame, frame, side);
  } else {
    check_ = before;
  }
  return verdict;
}

Verdict Outlet::admit(const SharedMessage& shared, Charge& charge) {
  if (is_closed()) return Verdict::closed;
  if (check_.in_message()) return Verdict::in_message;
  const Message& message = shared.message();
  const Verdict verdict = judge(message.payload().size(), reference_cost);
  if (verdict == Verdict::admitted) {
    charge = Charge(gauges_, message.frame().size(), reference_cost, Charge::Side::handed_over);
  }
  return verdict;
}

std::optional<Charge> Outlet::admit_answer(std::size_t bytes) {
  if (!gauges_.server->has_room_for(bytes)) return std::nullopt;
  return charge(bytes, Charge::Side::handed_over);
}

// A message that is just as large as may wait has its frame's header besides.
Verdict Outlet::judge(std::size_t payload, std::size_t memory) const {
  if (!gauges_.connection.has_room_for(payload)) return Verdict::over_max_queued;
  return gauges_.server->has_room_for(memory) ? Verdict::admitted : Verdict::over_total_queued;
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
