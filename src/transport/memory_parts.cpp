#include "transport/memory_parts.h"

#include "transport/memory_stream.h"

#include <utility>

namespace simws::transport {

void MemoryTimer::start(Time at) {
  stop();
  if (loop() == nullptr) return;
  loop()->count_safe_operation();
  at_ = at;
  loop()->set(*this);
}

void MemoryTimer::stop() {
  if (loop() != nullptr) loop()->unset(*this);
}

void MemoryTimer::fire() {
  const std::shared_ptr<Task> on_due = on_due_;
  run_task(*on_due);
}

MemoryListener::MemoryListener(MemoryLoopImpl& loop, const Address& address,
                               AcceptHandler on_accept)
    : MemoryPart(loop),
      address_(address),
      handlers_(std::make_shared<Handlers>(Handlers{std::move(on_accept), nullptr})) {
  loop.add(*this);
}

void MemoryListener::set_shortage_handler(ShortageHandler on_shortage) {
  handlers_->on_shortage = std::move(on_shortage);
}

void MemoryListener::end() {
  for (const Arrival& arrival : waiting_) {
    arrival.end.out->is_reset = true;
    if (arrival.end.out->reader != nullptr) arrival.end.out->reader->tell_later();
  }
  waiting_.clear();
  if (loop() != nullptr) loop()->remove(*this);
}

bool MemoryListener::takes(const Address& to) const {
  const bool is_any = address_.ip == Address{}.ip;
  return address_.port == to.port && address_.is_ipv6 == to.is_ipv6 &&
         (is_any || address_.ip == to.ip);
}

bool MemoryListener::has_news() const {
  const Shortage shortage = loop()->shortage();
  if (shortage == Shortage::none) return !waiting_.empty() || told_ != Shortage::none;
  return !waiting_.empty() && told_ == Shortage::none;
}

void MemoryListener::tell() {
  if (!has_news()) return;
  const Shortage shortage = loop()->shortage();
  if (shortage == Shortage::none && !waiting_.empty()) return accept_next();
  tell_shortage(shortage);
}

void MemoryListener::accept_next() {
  const Arrival arrival = std::move(waiting_.front());
  waiting_.pop_front();
  const std::shared_ptr<Handlers> handlers = handlers_;
  run_task([&] {
    handlers->on_accept(std::make_unique<MemoryStream>(*loop(), arrival.end, arrival.from));
  });
}

void MemoryListener::tell_shortage(Shortage shortage) {
  told_ = shortage;
  const std::shared_ptr<Handlers> handlers = handlers_;
  if (handlers->on_shortage) run_task([&] { handlers->on_shortage(shortage); });
}

bool MemoryWorkers::add(Task work, Task told) {
  if (loop() == nullptr || loop()->count_operation()) return false;
  const auto unless_gone = [this](Task task) -> Task {
    if (!task) return nullptr;
    return [task = std::move(task), there = std::weak_ptr(is_there_)] {
      if (!there.expired()) task();
    };
  };
  loop()->add_work(unless_gone(std::move(work)), unless_gone(std::move(told)));
  return true;
}

}  // namespace simws::transport
