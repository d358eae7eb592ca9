// What a server publishes, on its way to the broker, and what viewers of edges publish, on its way
// back. A helper process speaks to the broker (protocol/broker/helper_words.h): its library and
// TLS are none of this process', and whatever it waits for holds up nobody here.
#pragma once

#include "base/counter.h"
#include "endpoint/channel_group.h"
#include "endpoint/feed_topics.h"
#include "endpoint/helper_output.h"
#include "endpoint/storing_lane.h"
#include "endpoint/topics.h"
#include "protocol/broker/helper_frames.h"
#include "protocol/broker/helper_words.h"
#include "protocol/broker/topic_settings.h"
#include "protocol/topics/delivery_window.h"

#include <simws/broker.h>
#include <simws/server.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace simws::endpoint {

// Belongs to the loop's thread, but for `info`.
class BrokerFeed final : private transport::StreamHandler, private BulkWork, private TurnEndWork {
 public:
  struct Setup {
    BrokerOptions broker;
    std::string name;
    std::string epoch;
    std::size_t max_queued_bytes = 0;
    std::size_t max_message_size = 0;  // of what viewers publish
  };
  using RemoteHandler = decltype(ServerHandlers::remote_publication);

  // `on_finished`: it was stopped, and has ended.
  BrokerFeed(ChannelGroup& group, Topics& topics, Setup setup, const RemoteHandler& on_remote,
             transport::Task on_finished);
  ~BrokerFeed() override;
  BrokerFeed(const BrokerFeed&) = delete;
  BrokerFeed& operator=(const BrokerFeed&) = delete;

  // Connects, again and again. `address`: where the server is reached.
  void start(std::string address) noexcept;
  // After the topics have it.
  void publish(const protocol::PublicationPtr& publication) noexcept;
  // What is set for a topic, or for all that such a pattern takes: edges serve by it.
  void set_topic(std::string_view name, const SubscriptionOptions& options) noexcept;
  // What waits still goes, as long as there's time for it.
  void stop(Time until) noexcept;
  bool is_finished() const { return is_stopped_ && !helper_; }

  std::size_t queued_bytes() const { return topics_waiting_.bytes(); }
  // The oldest of what waits goes. False: nothing waits.
  bool give_way() noexcept;

  // From any thread.
  BrokerInfo info() const;

 private:
  using State = BrokerState;
  static constexpr Duration first_delay = std::chrono::seconds(1);

  void on_data(MutableBytes data) override;
  void on_end(bool lost, std::string reason) override;
  void on_writable() override;
  std::size_t send_piece() noexcept override;
  void end_turn() override;

  // Runs what may run out of memory: then the helper starts anew, and all that is retained is sent.
  template <typename Work>
  void guard(const Work& work) noexcept;

  void start_helper();
  void tell_topics();
  void end_helper(std::string_view why) noexcept;
  void restart_later() noexcept;
  void on_timer();
  void finish() noexcept;

  void handle(const protocol::helper_word::Unknown&, Bytes) {}
  void handle(const protocol::helper_word::State& word, Bytes);
  void handle(const protocol::helper_word::Problem& word, Bytes);
  void handle(const protocol::helper_word::Acknowledge& word, Bytes);
  void handle(const protocol::helper_word::Publish& word, Bytes data);
  std::string why_refused(const protocol::helper_word::Publish& word, Bytes data) const;
  void note_refused(std::string_view why) noexcept;

  void set_state(State state, std::string text, std::string server);
  void log_state(const std::string& text) const;
  std::string address_of_broker() const { return "broker " + shown_url_; }
  void open();
  bool is_open() const { return helper_ && state_ == State::open && !is_stop_said_; }
  bool may_wait() const;
  bool may_store() const;

  bool passes(const protocol::Publication& publication, const protocol::SubscriptionRules& rules);
  bool has_room(const protocol::SubscriptionRules& rules);
  void keep(const protocol::PublicationPtr& publication, const protocol::SubscriptionRules& rules);
  void note_lost(std::size_t count, std::string_view topic) noexcept;
  void note_queued() noexcept { queued_bytes_.set(topics_waiting_.bytes()); }
  void produce();
  void send(const protocol::PublicationPtr& publication, const protocol::SubscriptionRules& rules,
            bool are_more);
  void send_retained(const protocol::PublicationPtr& publication);
  void note_stored(std::size_t bytes);
  void mark(bool holds_back, protocol::DeliveryWindow::Seconds window);
  void probe();
  void flush();
  void say_stop_if_done();
  void set_alarm();

  ChannelGroup& group_;
  Topics& topics_;
  const Setup setup_;
  const RemoteHandler& on_remote_;
  const transport::Task on_finished_;
  const std::string shown_url_;
  std::string address_;
  protocol::TopicSettings settings_;
  bool has_new_settings_ = false;
  bool has_too_many_ = false;  // settings, and has told so

  std::unique_ptr<transport::HelperProcess> helper_;
  std::unique_ptr<transport::HelperProcess> ended_helper_;  // until the end of the turn
  protocol::HelperFrames frames_;
  HelperOutput output_;
  bool is_blocked_ = false;    // the helper takes no more at the moment
  bool wants_output_ = false;  // more is to be made when some of it has left
  bool is_stopped_ = false;
  bool is_stop_said_ = false;
  bool has_opened_ = false;                        // ever
  bool is_losing_ = false;                         // and has told so
  Duration delay_;                                 // before the next start
  const std::unique_ptr<transport::Timer> timer_;  // for the next start, or the last moment
  const std::unique_ptr<transport::Timer> probes_;
  const std::unique_ptr<transport::Timer> pauses_;  // of keys that wait for their time
  std::optional<Time> alarm_at_;

  FeedTopics topics_waiting_;
  std::optional<CatchUp> catch_up_;  // what is retained is being sent
  StoringLane storing_;
  protocol::DeliveryWindow window_;
  std::uint64_t window_number_ = 0;  // its marks are told from those of others by it
  std::uint64_t probes_made_ = 0;
  std::optional<std::uint64_t> probe_;  // a mark of its own, for the round trip
  Time probed_at_{};

  std::size_t refused_ = 0;  // since that was told
  Time refusals_told_{};

  State state_ = State::connecting;
  mutable std::mutex mutex_;
  BrokerInfo shown_;  // guarded by mutex_; without figures
  Counter<std::uint64_t> published_;
  Counter<std::uint64_t> dropped_;
  Counter<std::uint64_t> conflated_;
  Counter<std::uint64_t> incoming_;
  Counter<std::uint64_t> incoming_dropped_;
  Counter<std::size_t> queued_bytes_;
};

template <typename Work>
void BrokerFeed::guard(const Work& work) noexcept {
  try {
    work();
  } catch (...) {
    end_helper("out of memory");
  }
}

}  // namespace simws::endpoint
