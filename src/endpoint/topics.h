// The topics of one server: who is subscribed to them, and what of them is retained.
#pragma once

#include "endpoint/alarms.h"
#include "endpoint/channel_group.h"
#include "endpoint/counters.h"
#include "endpoint/subscription.h"
#include "protocol/topics/retained_messages.h"
#include "protocol/topics/topic_door.h"
#include "protocol/topics/topic_messages.h"

#include <simws/connection.h>
#include <simws/topics.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::endpoint {

// One name that something is published or subscribed to, patterns too.
struct Topic {
  explicit Topic(std::string of) : name(std::move(of)) {}

  const std::string name;
  Subscriptions subscribers;
  protocol::TopicTallyPtr tally;  // while there are any
  protocol::RetainedMessages retained;
  std::uint64_t published = 0;
  std::uint64_t delivered = 0;
  std::uint64_t conflated = 0;
  std::uint64_t dropped = 0;
  std::size_t queued_bytes = 0;
  std::list<Topic*>::iterator place;  // among the idle ones, or those in use
  bool is_among_idle = true;

  bool is_idle() const { return subscribers.empty() && retained.empty(); }
};

// Which names pages may subscribe to, and publish to.
struct TopicAccess {
  std::vector<std::string> readable;
  std::vector<std::string> publishable;
  std::size_t max_subscriptions = 0;  // of a page
  // A subscription with policy `resync` goes on by itself, with what is retained.
  bool resyncs_with_retained = false;
  // Pages' subscriptions follow what is set for topics later.
  bool follows_settings = false;
};

// Whether what is published may be old, and why.
struct Staleness {
  bool is_stale = false;
  std::string reason;

  friend bool operator==(const Staleness&, const Staleness&) = default;
};

// Belongs to the loop's thread.
class Topics {
 public:
  using DropHandler = std::function<void(Connection&, std::string_view topic, std::size_t count)>;

  Topics(ChannelGroup& group, std::shared_ptr<protocol::TopicDoor> door, TopicAccess access,
         std::size_t max_queued_bytes, const DropHandler& on_drop);
  Topics(const Topics&) = delete;
  Topics& operator=(const Topics&) = delete;

  void publish(const protocol::PublicationPtr& publication);
  // REQUIRES: the name and the options are valid.
  void set_topic(std::string_view name, const TopicOptions& options);
  std::vector<TopicInfo> infos() const;
  // Of each topic in the order in which its keys were published last.
  void for_each_retained(const std::function<void(const protocol::PublicationPtr&)>& tell) const;
  // Of those whose names come behind `name`, so many at most.
  std::vector<TopicInfo> infos_after(std::string_view name, std::size_t most) const;
  std::size_t size() const { return topics_.size(); }

  // Of all that there have been, and are; without a name.
  const TopicInfo& totals() const { return totals_; }
  TopicInfo& totals() { return totals_; }
  std::size_t known() const { return topics_.size(); }
  // Those with most messages among the thousand that were used last, by name.
  std::vector<TopicInfo> busiest(std::size_t most) const;

  // False: it has been so already.
  bool set_staleness(Staleness staleness);
  const Staleness& staleness() const { return staleness_; }

  // Of whose time the publications are.
  void set_clock_lead(Seconds lead) { clock_lead_ = lead; }
  Seconds clock_lead() const { return clock_lead_; }

  // For connections. REQUIRES: the names are valid.
  const TopicAccess& access() const { return access_; }
  ChannelGroup& group() { return group_; }
  Alarms& alarms() { return alarms_; }
  BulkDesk& bulk_desk() { return group_.turn_end().bulk_desk(); }
  protocol::SubscriptionRules rules_for(std::string_view name, const SubscriptionOptions& asked,
                                        protocol::Subscriber by) const;
  Topic& join(const std::string& name);
  // `place` holds it alone, and is empty afterwards.
  void add(Subscription& subscription, Subscriptions& place) noexcept;
  void remove(Subscription& subscription) noexcept;
  CatchUp begin_catch_up() const { return {{}, 0, serial_}; }
  // What comes next for whoever is at `catch_up` with what a subscription of that name takes; null:
  // nothing. `is_taken`: that topic is another's.
  protocol::PublicationPtr next_retained(
      CatchUp& catch_up, std::string_view name,
      const std::function<bool(const std::string&)>& is_taken) const;
  // It has begun to lose messages: the application is told in the next turn.
  void tell_loss(Subscription& subscription);

  const std::shared_ptr<protocol::TopicDoor>& door() const { return door_; }

 private:
  using ByName = std::map<std::string, std::unique_ptr<Topic>, std::less<>>;
  // What is done once in the next turn, however often it's wanted in this one.
  class Later final : public Alarm {
   public:
    Later(Topics& topics, void (Topics::*what)())
        : Alarm(topics.alarms_), topics_(topics), what_(what) {}
    void want() { set_alarm_for_next_turn(); }

   private:
    void on_alarm() override { (topics_.*what_)(); }
    Topics& topics_;
    void (Topics::*const what_)();
  };

  Topic* find(std::string_view name) const;
  void retain(Topic& topic, const protocol::PublicationPtr& publication);
  Topic& topic_of(const std::string& name);
  void note_use(Topic& topic) noexcept;
  void deliver(Topic& topic, const protocol::PublicationPtr& publication);
  SubscriptionOptions defaults_of(std::string_view name) const;
  void forget_idle() noexcept;
  void tell_losses();
  void follow_settings();

  ChannelGroup& group_;
  const std::shared_ptr<protocol::TopicDoor> door_;
  const TopicAccess access_;
  const std::size_t max_queued_bytes_;
  const DropHandler& on_drop_;
  Alarms alarms_;
  ByName topics_;
  std::list<Topic*> idle_;  // which needn't be known any more, the latest one last
  std::list<Topic*> in_use_;
  std::size_t patterns_ = 0;  // that have subscribers
  std::map<std::string, TopicOptions, std::less<>> options_;
  std::uint64_t serial_ = 0;  // of the latest publication
  TopicInfo totals_;
  Staleness staleness_;
  Seconds clock_lead_{0};
  Subscriptions losing_;  // to be told
  // A handler is never called inside another call, and one that causes losses gets its turns.
  Later loss_teller_{*this, &Topics::tell_losses};
  Later follower_{*this, &Topics::follow_settings};
};

}  // namespace simws::endpoint
