#include "broker/retained_reading.h"

#include "broker/name_bucket.h"
#include "protocol/broker/message_parts.h"
#include "protocol/broker/subject.h"

namespace simws::broker {

namespace {

constexpr int most_waiting = 64 << 20;        // in bytes
constexpr std::size_t most_parts = 1u << 30;  // in bytes, of messages that aren't whole yet
constexpr std::int64_t patience = 1000;       // in ms
constexpr int most_patience = 5;              // in turns of these

}  // namespace

RetainedReading::RetainedReading(Connection& connection, EdgeDelivery& delivery)
    : connection_(connection),
      delivery_(delivery),
      jet_stream_(connection.jet_stream()),
      stream_(protocol::retained_stream(delivery.name())) {}

RetainedReading::End RetainedReading::find_end() {
  if (!jet_stream_) return {NATS_NO_MEMORY};
  JetStreamInfo info;
  const natsStatus status =
      make(info, js_GetStreamInfo, jet_stream_.get(), stream_.c_str(), nullptr, nullptr);
  if (status == NATS_NOT_FOUND) return {NATS_OK};
  if (status != NATS_OK) return {status};
  return {NATS_OK, info->State.Msgs == 0, info->State.LastSeq};
}

natsStatus RetainedReading::subscribe(NatsSubscription& into) {
  const std::string subject = protocol::all_retained(delivery_.name());
  jsSubOptions options;
  jsSubOptions_Init(&options);
  options.Stream = stream_.c_str();
  options.Ordered = true;
  options.Config.DeliverPolicy = js_DeliverAll;
  const natsStatus status =
      make(into, js_SubscribeSync, jet_stream_.get(), subject.c_str(), nullptr, &options, nullptr);
  if (status == NATS_OK) natsSubscription_SetPendingLimits(into.get(), -1, most_waiting);
  return status;
}

std::string RetainedReading::read() {
  const End end = find_end();
  if (end.status != NATS_OK) return jet_stream_failure(end.status).text;
  if (end.is_empty) return {};
  NatsSubscription messages;
  const natsStatus status = subscribe(messages);
  if (status != NATS_OK) return jet_stream_failure(status).text;
  std::string failure = read_up_to(messages.get(), end.last);
  (void)natsSubscription_Unsubscribe(messages.get());
  return failure;
}

std::string RetainedReading::read_up_to(natsSubscription* messages, std::uint64_t last) {
  protocol::PartJoiner joiner(most_parts);
  int waited = 0;
  while (true) {
    NatsMessage message;
    const natsStatus status = make(message, natsSubscription_NextMsg, messages, patience);
    if (status == NATS_OK) {
      waited = 0;
      delivery_.take(message.get(), joiner);
      if (ends_with(message.get(), last)) return {};
    } else if (status != NATS_TIMEOUT) {
      return connection_.is_closed() ? std::string() : jet_stream_failure(status).text;
    } else if (const End now = find_end(); now.status == NATS_OK && now.is_empty) {
      return {};  // it was emptied by a new start
    } else if (++waited == most_patience) {
      return jet_stream_failure(NATS_TIMEOUT).text;
    }
  }
}

bool RetainedReading::ends_with(natsMsg* message, std::uint64_t last) {
  JetStreamMeta meta;
  if (make(meta, natsMsg_GetMetaData, message) != NATS_OK) return false;
  return meta->NumPending == 0 || meta->Sequence.Stream >= last;
}

}  // namespace simws::broker
