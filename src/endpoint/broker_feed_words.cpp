// What the helper process says.
#include "base/utf8.h"
#include "endpoint/broker_feed.h"
#include "protocol/broker/server_list.h"
#include "protocol/topics/topic_name.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace simws::endpoint {

namespace word = protocol::helper_word;
using protocol::HelperFrames;

namespace {

constexpr Duration refusals_interval = std::chrono::seconds(10);

std::string in_quotes(std::string_view text) {
  return "'" + std::string(text) + "'";
}

}  // namespace

void BrokerFeed::on_data(MutableBytes data) {
  guard([&] {
    Bytes input = data;
    while (!input.empty() && helper_) {
      const HelperFrames::Outcome outcome = frames_.read(input);
      if (const auto* const failed = std::get_if<HelperFrames::Failed>(&outcome)) {
        return end_helper("it doesn't speak as simws-broker does: " + std::string(failed->reason));
      }
      const auto* const frame = std::get_if<HelperFrames::Frame>(&outcome);
      if (!frame) break;
      const auto said = protocol::parse_helper_word(frame->line);
      if (!said) {
        return end_helper("it doesn't speak as simws-broker does: " + said.error().message);
      }
      std::visit([&](const auto& each) { handle(each, frame->payload); }, said.value());
    }
    flush();
  });
}

void BrokerFeed::on_end(bool, std::string reason) {
  end_helper(reason.empty() ? std::string_view("its log lines may say why") : reason);
}

void BrokerFeed::handle(const word::State& said, Bytes) {
  const auto state = static_cast<State>(said.kind);
  const std::string text = protocol::without_secrets(said.text, setup_.broker.url);
  if (state == State::open) {
    set_state(state, {}, text);
    return open();
  }
  probes_->stop();
  catch_up_.reset();
  if (state != State::held) return set_state(state, text, {});
  set_state(state,
            "the name " + in_quotes(setup_.name) + " is held by the server at " + text +
                "; nothing is published until it's free: stop that server, or choose another name",
            {});
  dropped_.add(topics_waiting_.clear());
  note_queued();
}

// What is retained goes first, then what of that waits; what isn't goes beside it.
void BrokerFeed::open() {
  has_opened_ = true;
  delay_ = first_delay;
  storing_.clear();
  window_ = {};
  ++window_number_;
  probe_.reset();
  catch_up_ = topics_.begin_catch_up();
  topics_.bulk_desk().add(*this);
  probe();
}

void BrokerFeed::handle(const word::Problem& said, Bytes) {
  const std::string text = protocol::without_secrets(said.text, setup_.broker.url);
  {
    const std::lock_guard lock(mutex_);
    shown_.error = text;
  }
  if (text.empty()) {
    group_.log(LogLevel::info, address_of_broker() + ": all works again");
  } else {
    group_.log(LogLevel::warning, address_of_broker() + ": " + text);
  }
}

void BrokerFeed::handle(const word::Acknowledge& said, Bytes) {
  const Time now = group_.loop().now();
  if (probe_ && said.number == *probe_) {
    probe_.reset();
    const std::lock_guard lock(mutex_);
    shown_.round_trip = now - probed_at_;
  } else if (storing_.acknowledge(said.number)) {
    if (catch_up_) topics_.bulk_desk().add(*this);
    produce();
  } else if (said.number >> 32U == window_number_) {
    window_.acknowledge(static_cast<std::uint32_t>(said.number), now);
    produce();
  }
}

void BrokerFeed::handle(const word::Publish& said, Bytes data) {
  incoming_.add(1);
  const std::string why = why_refused(said, data);
  if (!why.empty()) return note_refused(why);
  bool is_taken = !on_remote_;
  const std::function<void()> tell = [&] {
    is_taken = on_remote_(said.viewer, said.topic, as_text(data), said.opcode);
  };
  if (on_remote_) group_.call("remote_publication", tell);
  if (!is_taken) note_refused("more wait for the script than maxPendingBytes");
}

std::string BrokerFeed::why_refused(const word::Publish& said, Bytes data) const {
  if (is_stopped_) return "the server has stopped";
  if (!protocol::check_topic(said.topic)) return "a topic that can't be";
  const bool is_allowed = std::ranges::any_of(
      topics_.access().publishable,
      [&](const std::string& each) { return protocol::covers(each, said.topic); });
  if (!is_allowed) {
    return "topic " + in_quotes(said.topic) + " is none that the option publishable names";
  }
  if (data.size() > setup_.max_message_size) return "over maxMessageSize";
  if (said.opcode == Opcode::text && !is_utf8(data)) return "text that isn't UTF-8";
  return {};
}

// Edges can cause as many as they like.
void BrokerFeed::note_refused(std::string_view why) noexcept {
  incoming_dropped_.add(1);
  ++refused_;
  const Time now = group_.loop().now();
  if (refusals_told_ != Time{} && now - refusals_told_ < refusals_interval) return;
  refusals_told_ = now;
  const std::size_t count = std::exchange(refused_, 0);
  try {
    group_.log(LogLevel::warning,
               address_of_broker() + ": " + std::to_string(count) +
                   (count == 1 ? " message of an edge's viewer was refused: "
                               : " messages of edges' viewers were refused, the latest: ") +
                   std::string(why));
  } catch (...) {
    // They're counted.
  }
}

void BrokerFeed::set_state(State state, std::string text, std::string server) {
  bool is_new = false;
  {
    const std::lock_guard lock(mutex_);
    is_new = shown_.state != state || shown_.error != text || shown_.server != server;
    shown_.state = state;
    shown_.server = std::move(server);
    shown_.error = text;
    if (state != State::open) shown_.round_trip.reset();
  }
  state_ = state;
  if (is_new) log_state(text);
}

void BrokerFeed::log_state(const std::string& text) const {
  if (state_ == State::open) {
    return group_.log(LogLevel::info,
                      address_of_broker() + ": connected, as " + in_quotes(setup_.name));
  }
  if (text.empty()) return;
  group_.log(state_ == State::connecting ? LogLevel::warning : LogLevel::error,
             address_of_broker() + ": " + text);
}

BrokerInfo BrokerFeed::info() const {
  BrokerInfo info;
  {
    const std::lock_guard lock(mutex_);
    info = shown_;
  }
  info.published = published_.get();
  info.dropped = dropped_.get();
  info.conflated = conflated_.get();
  info.queued_bytes = queued_bytes_.get();
  info.incoming = incoming_.get();
  info.incoming_dropped = incoming_dropped_.get();
  return info;
}

}  // namespace simws::endpoint
