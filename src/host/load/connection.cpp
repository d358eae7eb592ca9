#include "host/load/connection.h"

#include "host/load/failure.h"

#include <cerrno>
#include <span>

namespace simws::load {

Connection::Connection(transport::Socket socket, std::unique_ptr<TlsEnd> tls)
    : socket_(std::move(socket)), tls_(std::move(tls)) {
  if (!tls_) return;
  std::string records;
  tls_->begin(records);
  queue_records(records);
}

void Connection::queue(std::string_view bytes) {
  if (tls_ || !unsent_.empty()) return queue_copy(bytes);
  unsent_ = bytes;
}

void Connection::queue_copy(std::string_view bytes) {
  if (!tls_) return queue_records(bytes);
  std::string records;
  tls_->encrypt(bytes, records);
  queue_records(records);
}

void Connection::queue_records(std::string_view records) {
  if (records.empty()) return;
  std::vector<char> all(unsent_.begin(), unsent_.end());
  all.insert(all.end(), records.begin(), records.end());
  own_ = std::move(all);
  unsent_ = {own_.data(), own_.size()};
}

void Connection::flush() {
  if (unsent_.empty()) return;
  const Bytes bytes = as_bytes(unsent_);
  note_sent(socket_.send(transport::Pieces({&bytes, 1})));
}

void Connection::note_sent(const transport::Transfer& transfer) {
  if (transfer.error == EPIPE || transfer.error == ECONNRESET) {
    unsent_ = {};  // nobody takes it: what ended it is to be read
    return;
  }
  if (transfer.error != 0 && !transport::would_block(transfer.error)) {
    give_up("can't send", transfer.error);
  }
  unsent_.remove_prefix(transfer.bytes);
}

void Connection::watch_sending(Poller& poller, void* who) {
  if (unsent_.empty() != is_watched_) return;
  is_watched_ = !is_watched_;
  poller.watch_sending(descriptor(), who, is_watched_);
}

Connection::Received Connection::judge(const transport::Transfer& transfer) const {
  if (transfer.error == 0) return transfer.bytes == 0 ? Received::end : Received::something;
  if (transport::would_block(transfer.error)) return Received::nothing;
  if (transfer.error == ECONNRESET) return Received::end;
  give_up("can't receive", transfer.error);
}

Connection::Received Connection::decrypt(std::string_view bytes, const TlsEnd::Take& take) {
  std::string records;
  tls_->decrypt(bytes, records, take);
  queue_records(records);
  return tls_->is_finished() ? Received::end : Received::something;
}

}  // namespace simws::load
