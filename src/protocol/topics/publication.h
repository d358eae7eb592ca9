// What was published, once for all who get it.
#pragma once

#include "protocol/shared_message.h"
#include "protocol/topics/publication_forms.h"

#include <simws/topics.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace simws::protocol {

// Immutable, but for its forms.
struct Publication {
  std::string topic;
  std::string key;
  SharedMessagePtr message;  // as it was published
  double time = 0;           // by the system's clock, in milliseconds since 1970
  bool retain = false;
  bool compress = true;
  Origin origin = {};   // without an epoch: none
  bool forget = false;  // retained, it forgets its key whatever it says
  // For those who speak simws.topics.1: the network's thread's alone.
  mutable PublicationForms forms = {};

  std::size_t size() const { return message->view().payload().size(); }
  // Its key, of which nothing is retained any more.
  bool forgets() const { return retain && (forget || size() == 0); }
};
using PublicationPtr = std::shared_ptr<const Publication>;

}  // namespace simws::protocol
