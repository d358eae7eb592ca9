// Answers that a service of the chain gives later, of which the body may come bit by bit.
#pragma once

#include "base/buffer.h"

#include <simws/http.h>
#include <simws/log.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace simws::endpoint {

// The answer to one request. Belongs to the loop's thread. Destroying it ends it.
class LaterAnswer {
 public:
  virtual ~LaterAnswer() = default;
  // Called once, before anything else. What its host is told ends it, or may.
  virtual void start() = 0;
  // What follows of the body that has begun; it ends nothing meanwhile. Empty: that isn't
  // there yet, and `continue_body` follows.
  virtual Buffer next_piece() = 0;
};

// Who has asked for it. What comes first here may destroy the answer.
class LaterHost {
 public:
  // This is the whole.
  virtual void answer(HttpResponse response) = 0;
  // There's no room for an answer of so many bytes.
  virtual void refuse(std::size_t bytes) = 0;
  // A body of so many bytes follows the head, and is asked for.
  virtual void begin_body(HttpResponse head, std::uint64_t length) = 0;
  // A piece is there.
  virtual void continue_body() = 0;
  // The rest can't be had: the connection is reset, so that nobody takes it for the whole.
  virtual void break_off(std::string_view reason) = 0;

  // A piece of so many bytes is there, and counts as what waits to be sent. False: that's too much.
  virtual bool reserve(std::size_t bytes) = 0;
  // Nothing waits to be sent but what is reserved: the next piece is waited for.
  virtual bool has_sent_all() const = 0;
  virtual void log(LogLevel level, std::string_view text) = 0;
  // Memory has run out: the connection ends with the turn.
  virtual void give_up() noexcept = 0;

 protected:
  ~LaterHost() = default;
};

}  // namespace simws::endpoint
