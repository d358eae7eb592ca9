// The door for extensions (RFC 6455, 9): what has changed a message on its way here. A session has
// none or one; permessage-deflate (RFC 7692) is the only one in use on the web.
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"
#include "protocol/frame.h"

#include <cstddef>

namespace simws::protocol {

class Extension {
 public:
  virtual ~Extension() = default;

  // The frame that starts a message has RSV1 set: its payload is passed through `decode` from here.
  virtual void begin_decoding() = 0;

  // Decodes one portion of a message's payload and appends what comes out to `message`; `last` with
  // the message's end. Stops with `fail` and 1009 once `message` would grow over
  // `max_message_size`.
  virtual DecodeStatus decode(Bytes portion, bool last, std::size_t max_message_size,
                              Buffer& message, Failure& failure) = 0;

  // Nothing more is decoded: what that takes isn't needed any more.
  virtual void stop_decoding() noexcept {}
};

}  // namespace simws::protocol
