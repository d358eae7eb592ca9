#include "broker/retained_reading.h"

#include "broker/name_bucket.h"
#include "protocol/broker/message_parts.h"
#include "protocol/broker/subject.h"

#include <memory>

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

RetainedReading::Progress RetainedReading::progress() {
  std::unique_ptr<jsConsumerInfo, FreedBy<jsConsumerInfo_Destroy>> info;
  const natsStatus status =
      make(info, natsSubscription_GetConsumerInfo, messages_.get(), nullptr, nullptr);
  if (status != NATS_OK) return {status};
  return {NATS_OK, info->NumPending == 0, info->Delivered.Stream};
}

natsStatus RetainedReading::subscribe() {
  if (!jet_stream_) return NATS_NO_MEMORY;
  const std::string subject = protocol::all_retained(delivery_.name());
  jsSubOptions options;
  jsSubOptions_Init(&options);
  options.Stream = stream_.c_str();
  options.Ordered = true;
  options.Config.DeliverPolicy = js_DeliverAll;
  jsErrCode error{};
  const natsStatus status = make(messages_, js_SubscribeSync, jet_stream_.get(), subject.c_str(),
                                 nullptr, &options, &error);
  if (status != NATS_OK && error == JSStreamNotFoundErr) return NATS_NOT_FOUND;
  if (status == NATS_OK) natsSubscription_SetPendingLimits(messages_.get(), -1, most_waiting);
  return status;
}

void RetainedReading::begin() {
  (void)subscribe();
}

std::string RetainedReading::read() {
  const natsStatus status = messages_ ? NATS_OK : subscribe();
  if (status == NATS_NOT_FOUND) return {};  // there's no stream
  if (status != NATS_OK) return jet_stream_failure(status).text;
  std::string failure = read_all();
  (void)natsSubscription_Unsubscribe(messages_.get());
  messages_.reset();
  return failure;
}

std::string RetainedReading::read_all() {
  const Progress now = progress();
  if (now.status != NATS_OK) {
    return connection_.is_closed() ? std::string() : jet_stream_failure(now.status).text;
  }
  return now.is_all && now.sent == 0 ? std::string() : read_from(now);
}

std::string RetainedReading::read_from(Progress then) {
  protocol::PartJoiner joiner(most_parts);
  int waited = 0;
  while (true) {
    NatsMessage message;
    const natsStatus status = make(message, natsSubscription_NextMsg, messages_.get(), patience);
    if (status == NATS_OK) {
      waited = 0;
      delivery_.take(message.get(), joiner);
      if (ends_with(message.get(), then)) return {};
    } else if (status != NATS_TIMEOUT) {
      return connection_.is_closed() ? std::string() : jet_stream_failure(status).text;
    } else if (const Progress now = progress(); now.status == NATS_OK && now.is_all) {
      if (!has_more_here()) return {};  // the rest was removed meanwhile
      then = now;
    } else if (++waited == most_patience) {
      return jet_stream_failure(NATS_TIMEOUT).text;
    }
  }
}

bool RetainedReading::has_more_here() const {
  std::uint64_t count = 0;
  return natsSubscription_QueuedMsgs(messages_.get(), &count) == NATS_OK && count > 0;
}

bool RetainedReading::ends_with(natsMsg* message, const Progress& then) {
  JetStreamMeta meta;
  if (make(meta, natsMsg_GetMetaData, message) != NATS_OK) return false;
  if (meta->Sequence.Stream < then.sent) return false;
  return then.is_all || meta->NumPending == 0;
}

}  // namespace simws::broker
