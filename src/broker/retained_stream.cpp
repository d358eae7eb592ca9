#include "broker/retained_stream.h"

#include "protocol/broker/subject.h"

#include <array>

namespace simws::broker {

namespace {

bool fits(const jsStreamConfig& config, const std::string& subject) {
  return config.MaxMsgsPerSubject == 1 && config.SubjectsLen == 1 && config.MaxAge == 0 &&
         config.Subjects[0] == subject;
}

natsStatus make_stream(jsCtx* jet_stream, const std::string& stream, const std::string& subject) {
  std::array<const char*, 1> subjects = {subject.c_str()};
  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  config.Name = stream.c_str();
  config.Description = "what a simulation retains (simWS)";
  config.Subjects = subjects.data();
  config.SubjectsLen = 1;
  config.MaxMsgsPerSubject = 1;
  config.Storage = js_FileStorage;
  config.Discard = js_DiscardOld;
  return js_AddStream(nullptr, jet_stream, &config, nullptr, nullptr);
}

natsStatus change_stream(jsCtx* jet_stream, jsStreamConfig& config, const std::string& subject) {
  std::array<const char*, 1> subjects = {subject.c_str()};
  const char** const before = config.Subjects;
  const int count = config.SubjectsLen;
  config.Subjects = subjects.data();
  config.SubjectsLen = 1;
  config.MaxMsgsPerSubject = 1;
  config.MaxAge = 0;
  const natsStatus status = js_UpdateStream(nullptr, jet_stream, &config, nullptr, nullptr);
  config.Subjects = before;
  config.SubjectsLen = count;
  return status;
}

// What the stream has at that place is of this start. The last is there, but for one that was
// forgotten; nothing is lost by an answer that errs.
bool is_of(jsCtx* jet_stream, const std::string& stream, std::uint64_t sequence,
           std::string_view epoch) {
  NatsMessage message;
  if (make(message, js_GetMsg, jet_stream, stream.c_str(), sequence, nullptr, nullptr) != NATS_OK) {
    return false;
  }
  const char* value = nullptr;
  return natsMsgHeader_Get(message.get(), protocol::broker_header::epoch.data(), &value) ==
             NATS_OK &&
         value && value == epoch;
}

}  // namespace

std::variant<std::uint64_t, JetStreamFailure> begin_retained_stream(jsCtx* jet_stream,
                                                                    const std::string& name,
                                                                    std::string_view epoch) {
  const std::string stream = protocol::retained_stream(name);
  const std::string subject = protocol::all_retained(name);
  JetStreamInfo info;
  natsStatus status = make(info, js_GetStreamInfo, jet_stream, stream.c_str(), nullptr, nullptr);
  if (status == NATS_NOT_FOUND) {
    status = make_stream(jet_stream, stream, subject);
  } else if (status == NATS_OK && !fits(*info->Config, subject)) {
    status = change_stream(jet_stream, *info->Config, subject);
  }
  std::uint64_t next = info && info->State.Msgs > 0 ? info->State.LastSeq + 1 : 0;
  if (status == NATS_OK && next > 0 && !is_of(jet_stream, stream, next - 1, epoch)) {
    status = js_PurgeStream(jet_stream, stream.c_str(), nullptr, nullptr);
    next = 0;
  }
  if (status != NATS_OK) return jet_stream_failure(status);
  return next;
}

}  // namespace simws::broker
