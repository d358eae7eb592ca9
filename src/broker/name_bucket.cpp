#include "broker/name_bucket.h"

#include <utility>

namespace simws::broker {

namespace {

constexpr const char* bucket_name = "simws_names";
constexpr std::int64_t new_time_to_live = 6'000'000'000;  // in ns

bool is_unavailable(natsStatus status) {
  return status == NATS_NO_RESPONDERS || status == NATS_TIMEOUT;
}

}  // namespace

JetStreamFailure jet_stream_failure(natsStatus status) {
  if (status == NATS_NO_RESPONDERS) {
    return {"JetStream isn't enabled at the broker: start nats-server with -js"};
  }
  const std::string reason = reason_of(status);
  if (reason.find("not enabled") != std::string::npos) {
    return {"JetStream isn't enabled at the broker (" + reason + "): start nats-server with -js"};
  }
  if (status == NATS_TIMEOUT) {
    return {"JetStream doesn't answer: the broker is busy, or doesn't permit us $JS.API.>"};
  }
  return {"JetStream: " + reason};
}

NameBucket::NameBucket(Connection& connection) : jet_stream_(connection.jet_stream()) {}

natsStatus NameBucket::open(bool may_make) {
  if (bucket_) return NATS_OK;
  if (!jet_stream_) return NATS_NO_MEMORY;
  natsStatus status = make(bucket_, js_KeyValue, jet_stream_.get(), bucket_name);
  if (status == NATS_NOT_FOUND && may_make) {
    kvConfig config;
    kvConfig_Init(&config);
    config.Bucket = bucket_name;
    config.Description = "who holds the names of simulations (simWS)";
    config.TTL = new_time_to_live;
    config.History = 1;
    status = make(bucket_, js_CreateKeyValue, jet_stream_.get(), &config);
  }
  if (status == NATS_OK) read_time_to_live();
  return status;
}

void NameBucket::read_time_to_live() {
  KeyValueStatus status;
  if (make(status, kvStore_Status, bucket_.get()) != NATS_OK) return;
  const std::int64_t nanoseconds = kvStatus_TTL(status.get());
  if (nanoseconds > 0) time_to_live_ = std::chrono::milliseconds(nanoseconds / 1'000'000);
}

NameBucket::Answer NameBucket::get(const std::string& name, std::uint64_t& revision) {
  KeyValueEntry entry;
  const natsStatus status = make(entry, kvStore_Get, bucket_.get(), name.c_str());
  if (status == NATS_NOT_FOUND) return Nobody{};
  if (status != NATS_OK) return jet_stream_failure(status);
  revision = kvEntry_Revision(entry.get());
  const std::string_view value(static_cast<const char*>(kvEntry_Value(entry.get())),
                               static_cast<std::size_t>(kvEntry_ValueLen(entry.get())));
  if (auto holder = protocol::parse_name_holder(value)) return std::move(*holder);
  return Holder{{}, "somebody unknown", {}};
}

NameBucket::Answer NameBucket::holder(const std::string& name) {
  const natsStatus status = open(false);
  if (status == NATS_NOT_FOUND) return Nobody{};
  if (status != NATS_OK) return jet_stream_failure(status);
  std::uint64_t revision = 0;
  return get(name, revision);
}

std::variant<Holder, JetStreamFailure> NameBucket::hold(const std::string& name,
                                                        const Holder& ours) {
  natsStatus status = open(true);
  if (status != NATS_OK) return jet_stream_failure(status);
  const std::string value = protocol::name_holder_text(ours);
  const int size = static_cast<int>(value.size());
  const auto update = [&](std::uint64_t of) {
    return kvStore_Update(&revision_, bucket_.get(), name.c_str(), value.data(), size, of);
  };
  const auto create = [&] {
    return kvStore_Create(&revision_, bucket_.get(), name.c_str(), value.data(), size);
  };
  status = revision_ > 0 ? update(revision_) : create();
  if (status == NATS_OK) return ours;
  revision_ = 0;
  if (is_unavailable(status)) return jet_stream_failure(status);

  std::uint64_t revision = 0;
  const Answer answer = get(name, revision);
  if (const auto* failed = std::get_if<JetStreamFailure>(&answer)) return *failed;
  if (const auto* holder = std::get_if<Holder>(&answer)) {
    if (holder->epoch != ours.epoch) return *holder;
    status = update(revision);
  } else {
    status = create();
  }
  if (status == NATS_OK) return ours;
  revision_ = 0;
  return jet_stream_failure(status);
}

void NameBucket::release(const std::string& name) {
  if (revision_ > 0) (void)kvStore_Delete(bucket_.get(), name.c_str());
  revision_ = 0;
}

}  // namespace simws::broker
