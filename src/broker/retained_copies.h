// Copies of what is retained, on their way into the stream: each is acknowledged by it.
#pragma once

#include "broker/connection.h"
#include "protocol/broker/broker_answers.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace simws::broker {

// One thread stores; another one of its own reads what the stream answers, and sends what had to
// wait until then: the stream takes things more slowly than the broker passes them on, and who
// stores has others to hand on. It ends for good with the first copy that isn't stored: then all
// has to be stored anew, under another one.
class RetainedCopies {
 public:
  // `begin`: what the stream has of earlier, and isn't stored anew, was stored before that; 0:
  // there's nothing. REQUIRES: the connection outlives it.
  RetainedCopies(Connection& connection, std::string name, std::uint64_t begin);
  RetainedCopies(const RetainedCopies&) = delete;
  RetainedCopies& operator=(const RetainedCopies&) = delete;
  // REQUIRES: the connection is closed.
  ~RetainedCopies();

  struct Part {
    std::string_view topic;
    std::string_view key;
    std::size_t index;
    std::size_t count;
    bool forgets;
  };
  // Waits while too much waits. What a key's message before had of more parts is removed
  // once this one is stored; and with what forgets a key, all of it.
  void store(const Part& part, const protocol::BrokerHeaders& headers, std::string_view data);

  // Calls it when all that was given to `store` before is stored, or can't be: at once, or on the
  // thread of its own.
  void when_stored(std::function<void()> tell);

  // All that is retained has been stored anew: what else the stream has of earlier goes.
  void complete();

  // Why something isn't stored; empty: all is, or is under way.
  std::string failure() const;

 private:
  struct UnderWay {
    std::size_t size = 0;
    std::chrono::steady_clock::time_point since;
    std::string rest = {};  // a filter of subjects, of which what is older goes then
    bool goes_too = false;  // and itself
  };

  struct Waiting {
    std::uint64_t number = 0;
    std::string subject;
    protocol::BrokerHeaders headers;
    std::string data;
    UnderWay copy;

    std::size_t cost() const { return sizeof *this + subject.size() + data.size(); }
  };

  std::string rest_after(const Part& part);
  bool goes_at_once(std::size_t size) const;
  void begin(std::uint64_t number, UnderWay copy);
  void send(std::uint64_t number, const std::string& subject,
            const protocol::BrokerHeaders& headers, std::string_view data);
  void send_waiting();
  bool take_waiting(Waiting& into);
  bool is_pending(std::uint64_t up_to) const;
  void tell_stored();
  void read_answers();
  void take_answer(std::uint64_t number, const protocol::StreamAnswer& answer);
  void remove(const std::string& filter, std::uint64_t below);
  void fail(std::string why);
  void check_patience();
  bool has_room(std::size_t size) const;
  std::uint64_t take_completion();

  Connection& connection_;
  const std::string name_;
  const std::string inbox_;  // with its last dot
  NatsSubscription answers_;
  std::map<std::string, std::size_t> counts_;  // of keys whose message has more than one part

  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::map<std::uint64_t, UnderWay> under_way_;
  std::size_t bytes_ = 0;
  std::deque<Waiting> waiting_;  // numbers after those under way
  std::size_t waiting_bytes_ = 0;
  bool is_sending_ = false;                                            // one of these
  std::deque<std::pair<std::uint64_t, std::function<void()>>> marks_;  // up to a number
  std::uint64_t number_ = 0;
  std::uint64_t begin_;
  std::optional<std::uint64_t> completion_;  // with what is stored up to this number
  std::string failure_;
  std::thread thread_;
};

}  // namespace simws::broker
