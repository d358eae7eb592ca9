// What the server says to the helper, handed on to the broker. Nothing more is read than can be
// handed on.
#pragma once

#include "broker/helper/keeper.h"
#include "broker/helper/output.h"
#include "protocol/broker/helper_frames.h"
#include "protocol/broker/helper_words.h"

#include <memory>
#include <optional>
#include <string>

namespace simws::broker {

class Reader {
 public:
  explicit Reader(int descriptor) : descriptor_(descriptor), output_(descriptor) {}

  // Until the server says that it stops, or is gone. Error: what it says is no word of ours.
  std::optional<std::string> run();

 private:
  bool take(Bytes& input);
  void take_word(const protocol::HelperFrames::Frame& frame);
  std::shared_ptr<Session> session_for(protocol::BrokerPublication& publication);
  void fail(std::string_view why);

  void take(protocol::helper_word::Unknown /*word*/, std::string_view /*data*/) {}
  void take(protocol::helper_word::Start& word, std::string_view data);
  void take(protocol::helper_word::Message& word, std::string_view data);
  void take(protocol::helper_word::Retained& word, std::string_view data);
  void take(protocol::helper_word::Mark& word, std::string_view data);
  void take(protocol::helper_word::Topics& word, std::string_view data);
  void take(protocol::helper_word::Stop& word, std::string_view data);

  const int descriptor_;
  Output output_;
  protocol::HelperFrames frames_;
  std::unique_ptr<Keeper> keeper_;  // null: the server hasn't begun
  bool has_ended_ = false;
  std::optional<std::string> failure_;
};

}  // namespace simws::broker
