#include "broker/publisher.h"

#include "protocol/broker/message_parts.h"
#include "protocol/broker/subject.h"

#include <cstdint>
#include <limits>

namespace simws::broker {

using protocol::BrokerPublication;

Publisher::Outcome Publisher::publish(const BrokerPublication& publication, std::string_view data) {
  const std::size_t limit = connection_.max_payload();
  const std::size_t whole_headers = size_of(headers_of(publication));
  if (whole_headers + data.size() <= limit) return publish_part(publication, data);
  if (data.empty()) return Outcome::too_large;

  BrokerPublication part = publication;
  part.part = {std::numeric_limits<std::uint32_t>::max() - 1,
               std::numeric_limits<std::uint32_t>::max()};
  const std::size_t headers = size_of(headers_of(part));
  if (headers >= limit) return Outcome::too_large;
  const std::size_t most = limit - headers;
  const std::size_t count = protocol::part_count(data.size(), most);
  for (std::size_t index = 0; index < count; ++index) {
    part.part = {static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(count)};
    const Outcome outcome = publish_part(part, protocol::part_of(data, most, index));
    if (outcome != Outcome::handed_on) return outcome;
  }
  return Outcome::handed_on;
}

Publisher::Outcome Publisher::publish_part(const BrokerPublication& part, std::string_view data) {
  const protocol::BrokerHeaders headers = headers_of(part);
  if (!connection_.publish(protocol::publication_subject(name_, part.topic, part.key), headers,
                           data)) {
    return Outcome::lost;
  }
  if (part.retain && copies_) {
    copies_->store({part.topic, part.key, part.part.index, part.part.count, part.forget}, headers,
                   data);
  }
  return Outcome::handed_on;
}

}  // namespace simws::broker
