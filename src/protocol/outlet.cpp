#include "protocol/outlet.h"

namespace simws::protocol {

Charge::Charge(OutputGauges& gauges, std::size_t waiting, std::size_t memory)
    : gauges_(&gauges), waiting_(waiting), memory_(memory) {
  gauges.connection.add(waiting);
  gauges.server->add(memory);
}

Charge::~Charge() {
  if (gauges_) give_back(waiting_, memory_);
}

void Charge::merge(Charge other) {
  if (!gauges_) return swap(other);
  waiting_ += std::exchange(other.waiting_, 0);
  memory_ += std::exchange(other.memory_, 0);
}

void Charge::count_as_own() {
  if (!gauges_) return;
  gauges_->server->add(waiting_ - memory_);  // modulo 2^64 when it shrinks
  memory_ = waiting_;
}

void Charge::give_back(std::size_t waiting, std::size_t memory) {
  waiting_ -= waiting;
  memory_ -= memory;
  if (waiting > 0) gauges_->connection.subtract(waiting);
  if (memory > 0) gauges_->server->subtract(memory);
}

Result<Admission> Outlet::admit(std::string_view data, Opcode opcode, bool fin) {
  if (is_closed()) {
    auto checked = check_nowhere_to_go(data, opcode, max_queued_bytes());
    if (!checked) return std::move(checked).error();
    return Admission{};
  }
  const SendCheck before = check_;
  if (auto checked = check_.check(data, opcode, fin, max_queued_bytes()); !checked) {
    return std::move(checked).error();
  }
  const std::size_t frame = Message::frame_size(data.size());
  Admission admission = charge_message(data.size(), frame, frame);
  if (admission.verdict != Verdict::admitted) check_ = before;
  return admission;
}

Admission Outlet::admit(const SharedMessage& shared) {
  if (is_closed()) return {};
  if (check_.in_message()) return {Verdict::in_message, {}};
  const Message& message = shared.message();
  return charge_message(message.payload().size(), message.frame().size(), reference_cost);
}

std::optional<Charge> Outlet::admit_answer(std::size_t bytes) {
  if (!gauges_.server->has_room_for(bytes)) return std::nullopt;
  return charge(bytes);
}

// A message that is just as large as may wait has its frame's header besides.
Admission Outlet::charge_message(std::size_t payload, std::size_t frame, std::size_t memory) {
  if (!gauges_.connection.has_room_for(payload)) return {Verdict::over_max_queued, {}};
  if (!gauges_.server->has_room_for(memory)) return {Verdict::over_total_queued, {}};
  return {Verdict::admitted, Charge(gauges_, frame, memory)};
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

std::string words_of_refused_answer(std::size_t bytes, std::size_t max_total_queued_bytes) {
  return "answered with 500: an answer of " + std::to_string(bytes) +
         " bytes would pass maxTotalQueuedBytes (" + std::to_string(max_total_queued_bytes) + ")";
}

}  // namespace simws::protocol
