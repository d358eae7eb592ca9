// libnats' objects, owned; and what it says when something fails.
#pragma once

#include "base/freed_by.h"

#include <nats/nats.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace simws::broker {

using NatsOptions = std::unique_ptr<natsOptions, FreedBy<natsOptions_Destroy>>;
using NatsMessage = std::unique_ptr<natsMsg, FreedBy<natsMsg_Destroy>>;
using NatsSubscription = std::unique_ptr<natsSubscription, FreedBy<natsSubscription_Destroy>>;
using JetStream = std::unique_ptr<jsCtx, FreedBy<jsCtx_Destroy>>;
using JetStreamInfo = std::unique_ptr<jsStreamInfo, FreedBy<jsStreamInfo_Destroy>>;
using JetStreamMeta = std::unique_ptr<jsMsgMetaData, FreedBy<jsMsgMetaData_Destroy>>;
using KeyValues = std::unique_ptr<kvStore, FreedBy<kvStore_Destroy>>;
using KeyValueEntry = std::unique_ptr<kvEntry, FreedBy<kvEntry_Destroy>>;
using KeyValueStatus = std::unique_ptr<kvStatus, FreedBy<kvStatus_Destroy>>;

// Lets one of libnats' functions make an object: into = function(&made, arguments...).
template <typename Handle, typename Make, typename... Arguments>
natsStatus make(Handle& into, Make&& function, Arguments&&... arguments) {
  typename Handle::pointer made = nullptr;
  const natsStatus status = function(&made, std::forward<Arguments>(arguments)...);
  into.reset(status == NATS_OK ? made : nullptr);
  return status;
}

// What a function of libnats that has just failed on this thread says, without the place in its
// source that stands before it: "(conn.c:12): ".
inline std::string reason_of(natsStatus status) {
  natsStatus last = NATS_OK;
  const char* const error = nats_GetLastError(&last);
  std::string_view text = error && last == status ? error : "";
  constexpr std::string_view end_of_place = "): ";
  const std::size_t end = text.starts_with('(') ? text.find(end_of_place) : text.npos;
  if (end != text.npos) text.remove_prefix(end + end_of_place.size());
  return text.empty() ? natsStatus_GetText(status) : std::string(text);
}

}  // namespace simws::broker
