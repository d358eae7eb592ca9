#include "protocol/topics/waiting_publications.h"

#include "protocol/topics/topics_test_fixture.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace simws::protocol {
namespace {

using test::data_of;
using test::publication;
using namespace std::chrono_literals;
using Words = std::vector<std::string>;

// A case is a row of steps: "key=data" offers, "+200" lets milliseconds go by, "<" takes all that
// may be sent. What comes of it are the words below.
struct PolicyCase {
  std::string name;
  TopicPolicy policy;
  std::size_t max_queued;
  double rate;
  Words steps;
  Words taken;
  std::string outcome;  // how many were conflated and dropped, and what else
};

class PolicyTest : public testing::TestWithParam<PolicyCase> {
 protected:
  void run(const std::string& step) {
    if (step == "<") return take_all();
    if (step.front() == '+') {
      now_ += std::chrono::milliseconds(std::stoi(step.substr(1)));
      return;
    }
    const std::size_t at = step.find('=');
    const auto offered = waiting_.offer(publication(step.substr(0, at), step.substr(at + 1)), now_);
    all_.conflated += offered.conflated;
    all_.dropped += offered.dropped;
    all_.overflows |= offered.overflows;
    all_.ceases |= offered.ceases;
  }
  void take_all() {
    while (waiting_.has_ready(now_)) taken_.push_back(data_of(*waiting_.take(now_)));
  }
  std::string outcome() const {
    return std::to_string(all_.conflated) + " " + std::to_string(all_.dropped) +
           (all_.overflows ? " overflows" : "") + (all_.ceases ? " ceases" : "");
  }

  Time now_{std::chrono::hours(1)};
  WaitingPublications waiting_{
      SubscriptionRules{GetParam().policy, GetParam().max_queued, GetParam().rate, 4, 100ms}};
  WaitingPublications::Offered all_;
  Words taken_;
};

TEST_P(PolicyTest, WhatWaitsIsWhatThePolicySays) {
  for (const std::string& step : GetParam().steps) run(step);
  EXPECT_EQ(taken_, GetParam().taken);
  EXPECT_EQ(outcome(), GetParam().outcome);
  if (waiting_.empty()) {
    EXPECT_EQ(waiting_.bytes(), 0U);
  }
}

const PolicyCase policy_cases[] = {
    {"all_keeps_all_in_order",
     TopicPolicy::all,
     8,
     0,
     {"=a", "=b", "=c", "<"},
     {"a", "b", "c"},
     "0 0"},
    {"all_overflows",
     TopicPolicy::all,
     4,
     0,
     {"=aa", "=bb", "=c", "<"},
     {"aa", "bb"},
     "0 0 overflows"},
    {"all_takes_a_single_one_of_any_size", TopicPolicy::all, 2, 0, {"=aaaa", "<"}, {"aaaa"}, "0 0"},
    {"latest_keeps_the_newest", TopicPolicy::latest, 8, 0, {"=a", "=b", "=c", "<"}, {"c"}, "2 0"},
    {"latest_of_each_key",
     TopicPolicy::latest,
     8,
     0,
     {"x=a", "y=b", "x=c", "<"},
     {"c", "b"},
     "1 0"},
    {"latest_goes_on_behind_what_was_taken",
     TopicPolicy::latest,
     8,
     0,
     {"x=a", "<", "x=b", "x=c", "<"},
     {"a", "c"},
     "1 0"},
    {"latest_over_its_bound_drops_the_oldest_key",
     TopicPolicy::latest,
     4,
     0,
     {"x=aa", "y=bb", "z=cc", "<"},
     {"bb", "cc"},
     "0 1"},
    {"latest_that_grows_drops_others",
     TopicPolicy::latest,
     4,
     0,
     {"x=a", "y=b", "x=cccc", "<"},
     {"cccc"},
     "1 1"},
    {"oldest_give_way", TopicPolicy::oldest, 4, 0, {"=aa", "=bb", "=cc", "<"}, {"bb", "cc"}, "0 1"},
    {"oldest_give_way_to_a_large_one",
     TopicPolicy::oldest,
     4,
     0,
     {"=aa", "=bb", "=cccccc", "<"},
     {"cccccc"},
     "0 2"},
    {"newest_is_dropped",
     TopicPolicy::newest,
     4,
     0,
     {"=aa", "=bb", "=cc", "<", "=dd", "<"},
     {"aa", "bb", "dd"},
     "0 1"},
    {"resync_drops_all_and_ceases",
     TopicPolicy::resync,
     4,
     0,
     {"=aa", "=bb", "=cc", "=dd", "<"},
     {},
     "0 4 ceases"},
    {"a_rate_sends_the_first_at_once", TopicPolicy::all, 8, 10, {"=a", "<"}, {"a"}, "0 0"},
    {"a_rate_keeps_the_last_of_a_pause",
     TopicPolicy::all,
     8,
     10,
     {"=a", "<", "+10", "=b", "<", "+10", "=c", "<", "+79", "<", "+1", "<"},
     {"a", "c"},
     "1 0"},
    {"a_rate_is_of_each_key",
     TopicPolicy::latest,
     8,
     10,
     {"x=a", "<", "+50", "x=b", "y=c", "<", "+50", "<"},
     {"a", "c", "b"},
     "0 0"},
    {"a_rate_counts_from_what_was_sent",
     TopicPolicy::latest,
     8,
     10,
     {"=a", "<", "+50", "=b", "+50", "<", "=c", "<", "+99", "<", "+1", "<"},
     {"a", "b", "c"},
     "0 0"},
    {"what_a_rate_lets_wait_is_bounded",
     TopicPolicy::latest,
     4,
     10,
     {"x=a", "y=b", "<", "x=cc", "y=dd", "z=ee", "<", "+100", "<"},
     {"a", "b", "ee", "dd"},
     "0 1"},
    {"what_a_rate_lets_wait_gives_way",
     TopicPolicy::oldest,
     3,
     10,
     {"x=a", "y=b", "<", "x=cc", "y=dd", "+100", "<"},
     {"a", "b", "dd"},
     "0 1"},
};

INSTANTIATE_TEST_SUITE_P(Policies, PolicyTest, testing::ValuesIn(policy_cases),
                         [](const auto& each) { return each.param.name; });

TEST(WaitingPublications, WhatAChangeOfPolicyFindsIsOfferedAnew) {
  const Time now{};
  WaitingPublications waiting({TopicPolicy::all, 100, 0, 4, 100ms});
  for (const char* data : {"a", "b", "c"}) waiting.offer(publication("x", data), now);
  const auto changed = waiting.set_rules({TopicPolicy::latest, 100, 0, 4, 100ms}, now);
  EXPECT_EQ(changed.conflated, 2U);
  ASSERT_TRUE(waiting.has_ready(now));
  EXPECT_EQ(data_of(*waiting.take(now)), "c");
  EXPECT_TRUE(waiting.empty());
}

TEST(WaitingPublications, ASubscriptionThatHasCeasedTakesPartAgain) {
  const Time now{};
  WaitingPublications waiting({TopicPolicy::resync, 1, 0, 4, 100ms});
  waiting.offer(publication("", "a"), now);
  EXPECT_TRUE(waiting.offer(publication("", "b"), now).ceases);
  EXPECT_TRUE(waiting.has_ceased());
  EXPECT_FALSE(waiting.passes(*publication("", "c"), now));
  waiting.set_rules(waiting.rules(), now);
  EXPECT_TRUE(waiting.passes(*publication("", "c"), now));
}

TEST(WaitingPublications, PausesOfKeysAreForgottenWhenTheyAreOver) {
  const Time now{};
  WaitingPublications waiting({TopicPolicy::latest, 100, 10, 4, 100ms});
  const auto first = publication("x", "a");
  ASSERT_TRUE(waiting.passes(*first, now));
  waiting.passed(*first, now);
  EXPECT_EQ(waiting.next_time(), now + 100ms);
  EXPECT_FALSE(waiting.passes(*first, now + 99ms));
  EXPECT_FALSE(waiting.has_ready(now + 100ms));
  EXPECT_EQ(waiting.next_time(), std::nullopt);
}

// What has been sent was sent, whatever rate holds now.
TEST(WaitingPublications, AChangeOfRateCountsFromWhatWasSent) {
  struct Case {
    double before;
    double after;
    std::chrono::milliseconds until;  // the key may be sent again; changed after 60 ms
  };
  for (const auto& [before, after, until] :
       {Case{0.1, 10, 100ms}, Case{10, 4, 250ms}, Case{0.1, 50, 60ms}, Case{0.1, 0, 60ms}}) {
    const Time start{};
    WaitingPublications waiting({TopicPolicy::latest, 100, before, 4, 100ms});
    waiting.passed(*publication("x", "a"), start);
    waiting.offer(publication("x", "b"), start);
    waiting.set_rules({TopicPolicy::latest, 100, after, 4, 100ms}, start + 60ms);
    if (until > 60ms) {
      EXPECT_FALSE(waiting.has_ready(start + until - 1ms)) << after;
    }
    ASSERT_TRUE(waiting.has_ready(start + until)) << before << " to " << after;
    EXPECT_EQ(data_of(*waiting.take(start + until)), "b");
  }
}

TEST(WaitingPublications, ALeastRateIsAPauseWithoutEnd) {
  const Time now{};
  WaitingPublications waiting({TopicPolicy::latest, 100, 1e-300, 4, 100ms});
  waiting.passed(*publication("", "a"), now);
  waiting.offer(publication("", "b"), now);
  EXPECT_FALSE(waiting.has_ready(now + std::chrono::hours(24 * 365)));
}

// The same by the simplest means: everything that waits in one row.
class Model {
 public:
  explicit Model(const SubscriptionRules& rules) : rules_(rules) {}

  void offer(const std::string& key, const std::string& data) {
    if (ceased_) return;
    const auto same = std::ranges::find_if(row_, [&](const auto& each) {
      return rules_.policy == TopicPolicy::latest && each.first == key;
    });
    const bool replaces = same != row_.end();
    const std::size_t others = row_.size() - (replaces ? 1 : 0);
    const std::size_t bytes = size() - (replaces ? same->second.size() : 0);
    if (others > 0 && bytes + data.size() > rules_.max_queued) {
      if (rules_.policy == TopicPolicy::newest || rules_.policy == TopicPolicy::all) return;
      if (rules_.policy == TopicPolicy::resync) {
        ceased_ = true;
        return row_.clear();
      }
    }
    std::size_t mine = row_.size();
    if (replaces) {
      mine = static_cast<std::size_t>(same - row_.begin());
      same->second = data;
    } else {
      row_.emplace_back(key, data);
    }
    while (row_.size() > 1 && size() > rules_.max_queued) {
      const std::size_t oldest = mine == 0 ? 1 : 0;
      row_.erase(row_.begin() + static_cast<std::ptrdiff_t>(oldest));
      if (mine > 0) --mine;
    }
  }
  std::optional<std::string> take() {
    if (row_.empty()) return std::nullopt;
    std::string first = row_.front().second;
    row_.erase(row_.begin());
    return first;
  }
  std::size_t size() const {
    std::size_t bytes = 0;
    for (const auto& each : row_) bytes += each.second.size();
    return bytes;
  }
  std::size_t count() const { return row_.size(); }

 private:
  const SubscriptionRules rules_;
  std::vector<std::pair<std::string, std::string>> row_;
  bool ceased_ = false;
};

TEST(WaitingPublications, BehavesAsItsModelDoes) {
  std::mt19937 random(20);
  const auto below = [&](std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most - 1)(random);
  };
  for (int run = 0; run < 400; ++run) {
    const SubscriptionRules rules{static_cast<TopicPolicy>(below(5)), 1 + below(60), 0, 4, 100ms};
    WaitingPublications waiting(rules);
    Model model(rules);
    for (int step = 0; step < 200; ++step) {
      if (below(3) > 0) {
        const std::string key = "key" + std::to_string(below(6));
        const std::string data(below(20), static_cast<char>('a' + step % 26));
        waiting.offer(publication(key, data), Time{});
        model.offer(key, data);
      } else {
        const auto expected = model.take();
        ASSERT_EQ(waiting.has_ready(Time{}), expected.has_value());
        if (expected) {
          ASSERT_EQ(data_of(*waiting.take(Time{})), *expected);
        }
      }
      ASSERT_EQ(waiting.bytes(), model.size());
      ASSERT_EQ(waiting.count(), model.count());
    }
  }
}

}  // namespace
}  // namespace simws::protocol
