#include "dispatch/record.h"

namespace simws::dispatch {

bool TopicNotice::add(std::size_t count) {
  std::size_t before = lost.load();
  do {
    if (before == taken) return false;
  } while (!lost.compare_exchange_weak(before, before + count));
  return true;
}

namespace {

std::size_t size_of(const ConnectionTls* tls) {
  if (!tls) return 0;
  std::size_t size =
      sizeof *tls + tls->version.size() + tls->cipher.size() + tls->peer_subject.size();
  for (const std::string& name : tls->peer_names) size += sizeof name + name.size();
  return size;
}

std::size_t size_of(const ConnectionFacts& info) {
  return sizeof info + info.remote_address.size() + info.request.size() + info.subprotocol.size() +
         info.close_reason.size() + info.error.size() + size_of(info.tls.get());
}

}  // namespace

void RecordRing::push(RecordPtr record) noexcept {
  RecordPtr& end = empty() ? first_ : last_->next_in_ring;
  last_ = record.get();
  end = std::move(record);
}

void RecordRing::push_front(RecordPtr record) noexcept {
  if (empty()) last_ = record.get();
  record->next_in_ring = std::move(first_);
  first_ = std::move(record);
}

RecordPtr RecordRing::pop() noexcept {
  RecordPtr record = std::move(first_);
  first_ = std::move(record->next_in_ring);
  return record;
}

std::size_t QueuedEvent::cost() const {
  if (kind == Kind::gone) return 0;
  return sizeof *this + data.size() + (info ? size_of(*info) : 0);
}

}  // namespace simws::dispatch
