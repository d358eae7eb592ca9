#include "broker/helper/reader.h"

#include "protocol/broker/subject.h"
#include "protocol/broker/topic_settings.h"
#include "protocol/topics/topic_name.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

namespace simws::broker {

using protocol::BrokerPublication;

namespace {

constexpr std::size_t portion = 64u << 10;

BrokerPublication publication_of(const protocol::helper_word::Message& word) {
  BrokerPublication publication;
  publication.topic = word.topic;
  publication.key = word.key;
  publication.opcode = word.opcode;
  publication.sequence = word.sequence;
  publication.time = word.time;
  publication.retain = word.retain;
  return publication;
}

}  // namespace

std::optional<std::string> Reader::run() {
  std::vector<std::byte> memory(portion);
  while (!has_ended_) {
    const ssize_t count = ::recv(descriptor_, memory.data(), memory.size(), 0);
    if (count > 0) {
      Bytes input(memory.data(), static_cast<std::size_t>(count));
      while (!has_ended_ && take(input)) {
      }
    } else if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      pollfd input{descriptor_, POLLIN, 0};
      (void)::poll(&input, 1, -1);
    } else if (count == 0 || errno != EINTR) {
      has_ended_ = true;
    }
  }
  keeper_.reset();
  return failure_;
}

// False: what has come is used up.
bool Reader::take(Bytes& input) {
  const auto outcome = frames_.read(input);
  if (const auto* const failed = std::get_if<protocol::HelperFrames::Failed>(&outcome)) {
    fail(failed->reason);
  } else if (const auto* const frame = std::get_if<protocol::HelperFrames::Frame>(&outcome)) {
    take_word(*frame);
    return true;
  }
  return false;
}

void Reader::take_word(const protocol::HelperFrames::Frame& frame) {
  auto word = protocol::parse_server_word(frame.line);
  if (!word) return fail(word.error().message);
  const bool is_start = std::holds_alternative<protocol::helper_word::Start>(*word);
  const bool is_stop = std::holds_alternative<protocol::helper_word::Stop>(*word);
  if (is_start == (keeper_ != nullptr) && !is_stop) {
    return fail(is_start ? "it starts twice" : "it doesn't begin with the word 'start'");
  }
  std::visit([&](auto& each) { take(each, as_text(frame.payload)); }, *word);
}

void Reader::fail(std::string_view why) {
  failure_ = why;
  has_ended_ = true;
}

void Reader::take(protocol::helper_word::Start& word, std::string_view /*data*/) {
  if (const auto checked = protocol::check_broker_name("name", word.name); !checked) {
    return fail(checked.error().message);
  }
  if (!protocol::is_epoch(word.epoch)) return fail("the epoch isn't 12 hexadecimal digits");
  keeper_ = std::make_unique<Keeper>(std::move(word), output_);
}

void Reader::take(protocol::helper_word::Message& word, std::string_view data) {
  BrokerPublication publication = publication_of(word);
  publication.forget = word.retain && data.empty();
  if (const auto session = session_for(publication)) session->publish(publication, data);
}

// It's published again, too: who was connected while we weren't hasn't heard of it. Others have,
// and see that by its sequence.
void Reader::take(protocol::helper_word::Retained& word, std::string_view data) {
  BrokerPublication publication = publication_of(
      {std::move(word.topic), std::move(word.key), word.opcode, word.sequence, word.time, true});
  publication.forget = data.empty();
  if (const auto session = session_for(publication)) session->publish_again(publication, data);
}

// Null: there's none now, or it can't be published.
std::shared_ptr<Session> Reader::session_for(BrokerPublication& publication) {
  if (!protocol::check_topic(publication.topic) || !protocol::check_key(publication.key)) {
    fail("a topic or a key can't be");
    return nullptr;
  }
  std::shared_ptr<Session> session = keeper_->session();
  if (session) publication.epoch = session->epoch();
  return session;
}

void Reader::take(protocol::helper_word::Mark& word, std::string_view /*data*/) {
  if (const auto session = keeper_->session()) session->mark(word.number, word.of_stored);
}

void Reader::take(protocol::helper_word::Topics& /*word*/, std::string_view data) {
  if (!protocol::parse_topic_settings(data)) return fail("what is set for topics can't be");
  keeper_->set_topics(std::string(data));
}

void Reader::take(protocol::helper_word::Stop& /*word*/, std::string_view /*data*/) {
  has_ended_ = true;
}

}  // namespace simws::broker
