// What the helper says to its server.
#pragma once

#include "protocol/broker/helper_words.h"

#include <mutex>
#include <string>
#include <string_view>

namespace simws::broker {

// Any thread may say something; who does waits until the server's end of the socket has room.
class Output {
 public:
  explicit Output(int descriptor) : descriptor_(descriptor) {}

  // A frame up to its payload, and this. What can't be written is lost: the server is gone then.
  void say(std::string_view frame, std::string_view payload = {});
  // Only what has changed. With another state the server forgets the problem that was told before.
  void state(protocol::helper_word::State::Kind kind, const std::string& text);
  void problem(const std::string& text);

 private:
  void write(std::string_view bytes);

  const int descriptor_;
  std::mutex mutex_;
  bool is_lost_ = false;
  protocol::helper_word::State state_;  // the last one told, by one thread
  bool has_state_ = false;
  std::string problem_;
};

}  // namespace simws::broker
