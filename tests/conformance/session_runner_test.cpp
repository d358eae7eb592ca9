// The cases against the smallest echo server and client that a Session makes possible, without a
// network.
#include "cases.h"

#include "protocol/close_payload.h"
#include "protocol/session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <set>

namespace simws::conformance {

void PrintTo(const Case& each, std::ostream* out) {
  *out << each.number << ": " << each.description;
}

namespace {

class CountedKeys final : public protocol::MaskingKeySource {
 public:
  protocol::MaskingKey next_key() override {
    ++count_;
    return {std::byte{0x5A}, std::byte{0x00}, std::byte{0xFF}, std::byte(count_)};
  }

 private:
  unsigned char count_ = 0;
};

class Echo final : private protocol::SessionHandler {
 public:
  explicit Echo(Role role) : session_(role, 32 * 1024 * 1024, nullptr, &keys_) {}

  void receive(std::string bytes) { session_.receive(as_mutable_bytes(bytes), *this); }

  std::string sent;  // since it was last looked at
  bool ended = false;

 private:
  void on_message(Opcode opcode, Bytes message) override {
    answer(static_cast<FrameOpcode>(opcode), message);
  }
  void on_ping(Bytes payload) override { answer(FrameOpcode::pong, payload); }
  void on_pong(Bytes) override {}
  void on_close(CloseCode code, std::string_view) override { end(code, {}); }
  void on_failure(const protocol::Failure& failure) override { end(failure.code, failure.reason); }

  void answer(FrameOpcode opcode, Bytes payload) {
    Buffer frame;
    session_.encode(frame, opcode, true, payload);
    sent += frame.text();
  }

  void end(CloseCode code, std::string_view reason) {
    const std::string payload = protocol::encode_close_payload(code, reason);
    answer(FrameOpcode::close, as_bytes(payload));
    ended = true;
  }

  CountedKeys keys_;
  protocol::Session session_;
};

std::string words(const Answers& answers) {
  std::string all;
  for (const Answer& answer : answers) {
    const std::string start = answer.payload.substr(0, 40);
    all += "opcode " + std::to_string(static_cast<int>(answer.opcode)) + ", " +
           std::to_string(answer.payload.size()) + " bytes " + testing::PrintToString(start) + "\n";
  }
  return all.empty() ? "nothing" : all;
}

enum class Portions { as_written, joined };

// Sends a turn's writes as they are, or as one, each in portions of at most `size`.
void send(Echo& echo, const Writes& writes, Portions portions, std::size_t size) {
  std::string all;
  for (const std::string& write : writes) all += write;
  for (const std::string& write : portions == Portions::joined ? Writes{all} : writes) {
    for (const std::string& piece : pieces(write, size)) echo.receive(piece);
  }
}

void run(Role role, const Dialogue& dialogue, Portions portions, std::size_t size) {
  SCOPED_TRACE("in portions of " + std::to_string(size));
  Echo echo(role);
  FrameReader reader(role);
  for (const Turn& turn : dialogue) {
    send(echo, turn.writes, portions, size);
    Answers answers;
    ASSERT_TRUE(take_answers(reader, echo.sent, answers));
    ASSERT_TRUE(answers == turn.answers)
        << "answered: " << words(answers) << "expected: " << words(turn.answers);
    ASSERT_EQ(echo.sent, "");
  }
  EXPECT_TRUE(echo.ended);
}

constexpr std::size_t everything = std::string::npos;
constexpr std::size_t small_dialogue = 300'000;

class SessionConformance : public testing::TestWithParam<Case> {
 protected:
  static void run_all(Role role) {
    SCOPED_TRACE(GetParam().description);
    const Dialogue dialogue = led_against(role, GetParam().dialogue());
    run(role, dialogue, Portions::as_written, everything);
    run(role, dialogue, Portions::joined, everything);
    if (size_of(dialogue) > small_dialogue) return run(role, dialogue, Portions::joined, 4099);
    for (const std::size_t size : {1U, 3U, 7U, 61U, 1021U}) {
      run(role, dialogue, Portions::joined, size);
    }
  }
};

TEST_P(SessionConformance, Server) {
  run_all(Role::server);
}

TEST_P(SessionConformance, Client) {
  run_all(Role::client);
}

std::string test_name(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.number;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Case, SessionConformance, testing::ValuesIn(all_cases()), test_name);

TEST(ConformanceTable, HasEveryCaseOnce) {
  const std::pair<std::string, std::size_t> groups[] = {{"1.", 16}, {"2.", 11}, {"3.", 7},
                                                        {"4.", 10}, {"5.", 20}, {"6.", 145},
                                                        {"7.", 37}, {"9.", 54}, {"10.", 1}};
  std::set<std::string> numbers;
  for (const Case& each : all_cases())
    EXPECT_TRUE(numbers.insert(each.number).second) << each.number;
  std::size_t total = 0;
  for (const auto& [group, count] : groups) {
    const auto in_group = [&](const std::string& number) { return number.starts_with(group); };
    EXPECT_EQ(std::count_if(numbers.begin(), numbers.end(), in_group), count) << group;
    total += count;
  }
  EXPECT_EQ(numbers.size(), total);
}

}  // namespace
}  // namespace simws::conformance
