// libnats' objects, owned; and what it says when something fails.
#pragma once

#include <nats/nats.h>

#include <memory>
#include <string>
#include <utility>

namespace simws::broker {

template <auto destroy>
struct Destroyer {
  template <typename Object>
  void operator()(Object* object) const {
    destroy(object);
  }
};

using NatsOptions = std::unique_ptr<natsOptions, Destroyer<natsOptions_Destroy>>;
using NatsMessage = std::unique_ptr<natsMsg, Destroyer<natsMsg_Destroy>>;
using NatsSubscription = std::unique_ptr<natsSubscription, Destroyer<natsSubscription_Destroy>>;
using JetStream = std::unique_ptr<jsCtx, Destroyer<jsCtx_Destroy>>;
using JetStreamInfo = std::unique_ptr<jsStreamInfo, Destroyer<jsStreamInfo_Destroy>>;
using JetStreamMeta = std::unique_ptr<jsMsgMetaData, Destroyer<jsMsgMetaData_Destroy>>;
using KeyValues = std::unique_ptr<kvStore, Destroyer<kvStore_Destroy>>;
using KeyValueEntry = std::unique_ptr<kvEntry, Destroyer<kvEntry_Destroy>>;
using KeyValueStatus = std::unique_ptr<kvStatus, Destroyer<kvStatus_Destroy>>;

// Lets one of libnats' functions make an object: into = function(&made, arguments...).
template <typename Handle, typename Make, typename... Arguments>
natsStatus make(Handle& into, Make&& function, Arguments&&... arguments) {
  typename Handle::pointer made = nullptr;
  const natsStatus status = function(&made, std::forward<Arguments>(arguments)...);
  into.reset(status == NATS_OK ? made : nullptr);
  return status;
}

// What a function of libnats that has just failed on this thread says.
inline std::string reason_of(natsStatus status) {
  natsStatus last = NATS_OK;
  const char* const text = nats_GetLastError(&last);
  if (text && *text && last == status) return text;
  return natsStatus_GetText(status);
}

}  // namespace simws::broker
