#include "transport/write_batch.h"

#include <cstddef>

namespace simws::transport {

void WriteBatch::write(std::span<Write> writes) {
  sendings_.clear();
  sent_.clear();
  for (Write& write : writes) {
    const Outgoing outgoing = write.stream->begin_write(write.bytes);
    if (outgoing.socket != nullptr) {
      sendings_.push_back({outgoing.socket, outgoing.bytes, {}});
      sent_.push_back(&write);
    } else {
      write.taken = write.stream->write({&write.bytes, 1});
    }
  }
  send_ring_.send(sendings_);
  for (std::size_t i = 0; i < sent_.size(); ++i) {
    Write& write = *sent_[i];
    write.taken = write.stream->end_write(write.bytes, sendings_[i].transfer);
  }
}

}  // namespace simws::transport
