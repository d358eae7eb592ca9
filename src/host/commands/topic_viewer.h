// What a server of simws.topics.1 sends, as messages with their topics and keys.
#pragma once

#include <simws/opcode.h>

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::host {

class TopicViewer {
 public:
  struct News {
    std::string_view topic;  // empty: a message of the server's own
    std::string_view key;
    std::string_view data;
  };
  struct Handlers {
    std::function<void(const News&)> message;
    // To be sent to the server, as text.
    std::function<void(std::string)> answer;
    // The server can't be viewed; nothing more comes of it. In words.
    std::function<void(std::string)> problem;
    // What comes may be old from now on, or isn't any more. In words.
    std::function<void(std::string)> stale;
  };

  // `most` bytes of messages that come in parts are kept.
  TopicViewer(std::vector<std::string> topics, std::size_t most, Handlers handlers);

  // A connection is open, that speaks simws.topics.1 or not.
  void open(std::string_view subprotocol);
  // Calls `message` at most once.
  void receive(std::string_view message);

 private:
  struct Parts {
    std::string data;
    std::size_t next = 0;  // the part that must follow
  };
  using Name = std::pair<std::string, std::string>;  // topic and key

  struct Take;
  void add_part(const Name& name, std::size_t index, std::size_t count, std::string_view data);
  void forget(std::map<Name, Parts>::iterator place);

  const std::vector<std::string> topics_;
  const std::size_t most_;
  const Handlers handlers_;
  std::map<Name, Parts> parts_;  // of messages that aren't finished
  std::size_t size_ = 0;         // of all of them
};

}  // namespace simws::host
