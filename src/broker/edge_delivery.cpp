#include "broker/edge_delivery.h"

#include "base/utf8.h"
#include "broker/connection.h"

#include <optional>

namespace simws::broker {

void EdgeDelivery::take(natsMsg* message, protocol::PartJoiner& joiner) {
  const std::string_view data = data_of(message);
  auto publication =
      protocol::decode_publication(name_, natsMsg_GetSubject(message), headers_of(message), data);
  if (!publication) return;
  auto whole = joiner.take(*publication, data);
  if (!whole) return;
  if (publication->opcode == Opcode::text && !is_utf8(as_bytes(*whole))) return;
  const std::lock_guard lock(mutex_);
  handlers_.message({std::move(publication->topic), std::move(publication->key), std::move(*whole),
                     publication->opcode, publication->retain, publication->forget,
                     std::move(publication->epoch), publication->sequence, publication->time});
}

void EdgeDelivery::caught_up() {
  const std::lock_guard lock(mutex_);
  handlers_.caught_up();
}

void EdgeDelivery::status(const EdgeStatus& status) {
  const std::lock_guard lock(mutex_);
  handlers_.status(status);
}

}  // namespace simws::broker
