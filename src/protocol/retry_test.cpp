#include "protocol/retry.h"

#include "protocol/scripted_random_test.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace simws::protocol {
namespace {

using namespace test;
using std::chrono::milliseconds;
using std::chrono::seconds;

ConstantRandom least(0, 0), middle(0x80, 0), greatest(0xFF, 0xFF);

TEST(Retry, DependsOnWhyAnAttemptFailed) {
  const struct {
    FailureKind kind;
    int status;
    bool is_retried;
  } cases[] = {
      {FailureKind::network, 0, true},      {FailureKind::timeout, 0, true},
      {FailureKind::certificate, 0, false}, {FailureKind::answer, 0, false},
      {FailureKind::redirect, 0, false},    {FailureKind::status, 408, true},
      {FailureKind::status, 429, true},     {FailureKind::status, 500, true},
      {FailureKind::status, 502, true},     {FailureKind::status, 503, true},
      {FailureKind::status, 599, true},     {FailureKind::status, 200, false},
      {FailureKind::status, 204, false},    {FailureKind::status, 300, false},
      {FailureKind::status, 400, false},    {FailureKind::status, 401, false},
      {FailureKind::status, 403, false},    {FailureKind::status, 404, false},
      {FailureKind::status, 407, false},    {FailureKind::status, 426, false},
      {FailureKind::status, 499, false},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(is_retried(AttemptFailure{test.kind, "", test.status, ""}), test.is_retried)
        << static_cast<int>(test.kind) << ' ' << test.status;
  }
}

TEST(Retry, DependsOnHowAConnectionEnded) {
  for (int code = 0; code < 5000; ++code) {
    const std::array retried{1001, 1005, 1006, 1011, 1012, 1013, 1014};
    EXPECT_EQ(is_retried(static_cast<CloseCode>(code)),
              std::ranges::find(retried, code) != retried.end())
        << code;
  }
}

TEST(Retry, ReadsRetryAfter) {
  constexpr std::time_t now = 784111777;  // Sun, 06 Nov 1994 08:49:37 GMT
  const struct {
    std::string_view value;
    std::optional<seconds> time;
  } cases[] = {
      {"0", seconds(0)},
      {"120", seconds(120)},
      {"000000000000120", seconds(120)},
      {"999999999", seconds(999999999)},
      {"99999999999999999999999", seconds(999999999)},
      {"Sun, 06 Nov 1994 08:50:37 GMT", seconds(60)},
      {"Sunday, 06-Nov-94 08:50:37 GMT", seconds(60)},
      {"Sun, 06 Nov 1994 08:49:36 GMT", seconds(0)},
      {"", std::nullopt},
      {"-1", std::nullopt},
      {"+1", std::nullopt},
      {"1.5", std::nullopt},
      {"1 ", std::nullopt},
      {"soon", std::nullopt},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(parse_retry_after(test.value, now), test.time) << test.value;
  }
}

TEST(Retry, OptionsAreChecked) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const struct {
    RetryOptions options;
    std::string_view error;
  } cases[] = {
      {{}, ""},
      {{.initial = 30, .max = 30, .factor = 1, .jitter = 0}, ""},
      {{.initial = 0.001, .max = 1e6, .factor = 1000, .jitter = 1, .attempts = 7}, ""},
      {{.initial = 0}, "option reconnect: initial is 0: use seconds from 0.001 to 1000000"},
      {{.initial = -1}, "option reconnect: initial is -1: use seconds from 0.001 to 1000000"},
      {{.initial = nan}, "option reconnect: initial is nan: use seconds from 0.001 to 1000000"},
      {{.max = 0.25}, "option reconnect: max is 0.25: use seconds from initial to 1000000"},
      {{.max = infinity}, "option reconnect: max is inf: use seconds from initial to 1000000"},
      {{.factor = 0.5}, "option reconnect: factor is 0.5: use a number from 1 to 1000"},
      {{.factor = nan}, "option reconnect: factor is nan: use a number from 1 to 1000"},
      {{.jitter = 1.5}, "option reconnect: jitter is 1.5: use a number from 0 to 1"},
      {{.jitter = -0.1}, "option reconnect: jitter is -0.1: use a number from 0 to 1"},
  };
  for (const auto& test : cases) {
    const auto checked = check_retry_options(test.options);
    EXPECT_EQ(checked.ok() ? "" : checked.error().message, test.error);
  }
}

milliseconds rounded(std::optional<Duration> delay) {
  EXPECT_TRUE(delay.has_value());
  return std::chrono::round<milliseconds>(delay.value_or(Duration(-1)));
}

TEST(Backoff, GrowsUpToItsBound) {
  Backoff backoff({.initial = 0.5, .max = 5, .factor = 2, .jitter = 0.3}, middle);
  for (const int delay : {500, 1000, 2000, 4000, 5000, 5000}) {
    EXPECT_EQ(rounded(backoff.next_delay()), milliseconds(delay));
  }
  EXPECT_EQ(backoff.attempts(), 6u);
}

TEST(Backoff, IsSpreadByTheJitter) {
  const RetryOptions options{.initial = 10, .max = 10, .factor = 2, .jitter = 0.3};
  EXPECT_EQ(rounded(Backoff(options, least).next_delay()), milliseconds(7000));
  EXPECT_EQ(rounded(Backoff(options, greatest).next_delay()), milliseconds(13000));
  EXPECT_EQ(rounded(Backoff({.initial = 10, .jitter = 0}, greatest).next_delay()),
            milliseconds(10000));
  EXPECT_EQ(rounded(Backoff({.initial = 10, .jitter = 1}, least).next_delay()), milliseconds(0));
}

TEST(Backoff, StartsAnewAfterALongConnection) {
  Backoff backoff({.initial = 0.5, .max = 30}, middle);
  backoff.next_delay();
  backoff.next_delay();
  backoff.lost_after(seconds(30) - Duration(1));
  EXPECT_EQ(rounded(backoff.next_delay()), milliseconds(2000));
  backoff.lost_after(seconds(30));
  EXPECT_EQ(backoff.attempts(), 0u);
  EXPECT_EQ(rounded(backoff.next_delay()), milliseconds(500));
}

TEST(Backoff, EndsWithItsAttempts) {
  Backoff backoff({.max = 30, .attempts = 2}, middle);
  EXPECT_TRUE(backoff.next_delay());
  EXPECT_TRUE(backoff.next_delay());
  EXPECT_FALSE(backoff.next_delay());
  EXPECT_FALSE(backoff.next_delay());
  backoff.lost_after(seconds(31));
  EXPECT_TRUE(backoff.next_delay());
  Backoff once({.attempts = 1}, middle);
  EXPECT_TRUE(once.next_delay());
  EXPECT_FALSE(once.next_delay());
}

TEST(Backoff, IsNeverBeforeRetryAfterUpToItsBound) {
  const struct {
    int retry_after;
    milliseconds soonest, latest;
  } cases[] = {
      {0, milliseconds(7000), milliseconds(13000)},  // as without
      {3, milliseconds(10000), milliseconds(13000)},
      {20, milliseconds(20000), milliseconds(26000)},
      {30, milliseconds(30000), milliseconds(39000)},
      {999999999, milliseconds(30000), milliseconds(39000)},
  };
  const RetryOptions options{.initial = 10, .max = 30, .factor = 2, .jitter = 0.3};
  for (const auto& test : cases) {
    const seconds after(test.retry_after);
    EXPECT_EQ(rounded(Backoff(options, least).next_delay(after)), test.soonest);
    EXPECT_EQ(rounded(Backoff(options, middle).next_delay(after)),
              (test.soonest + test.latest) / 2);
    EXPECT_EQ(rounded(Backoff(options, greatest).next_delay(after)), test.latest);
  }
}

// Numbers as a good generator gives them, the same in each run (xorshift64*).
class SeededRandom final : public RandomSource {
 public:
  void fill(MutableBytes bytes) override {
    for (std::byte& byte : bytes) {
      state_ ^= state_ >> 12;
      state_ ^= state_ << 25;
      state_ ^= state_ >> 27;
      byte = static_cast<std::byte>(state_ * 0x2545F4914F6CDD1DU >> 56);
    }
  }

 private:
  std::uint64_t state_ = 88172645463325252U;
};

// The greatest number of delays in a bin of 50 ms, as a multiple of the mean between the first and
// the last.
double peak_over_mean(const std::vector<Duration>& delays) {
  const auto [first, last] = std::ranges::minmax(delays);
  constexpr milliseconds bin(50);
  std::vector<std::size_t> bins(static_cast<std::size_t>((last - first) / bin) + 1);
  for (const Duration delay : delays) ++bins[static_cast<std::size_t>((delay - first) / bin)];
  const double mean = static_cast<double>(delays.size()) * std::chrono::duration<double>(bin) /
                      std::chrono::duration<double>(last - first);
  return static_cast<double>(std::ranges::max(bins)) / mean;
}

TEST(Backoff, SpreadsAThousandClients) {
  for (const int retry_after : {0, 2, 1000}) {
    SeededRandom random;
    std::vector<Backoff> clients(1000, Backoff({}, random));
    for (int attempt = 1; attempt <= 8; ++attempt) {
      std::vector<Duration> delays;
      for (Backoff& client : clients) {
        delays.push_back(*client.next_delay(seconds(retry_after)));
      }
      // A bin of the longest delays holds 3 clients at the mean.
      const double most = attempt < 4 && retry_after < 3 ? 2 : 5;
      EXPECT_LT(peak_over_mean(delays), most) << "attempt " << attempt << ' ' << retry_after;
    }
  }
}

}  // namespace
}  // namespace simws::protocol
