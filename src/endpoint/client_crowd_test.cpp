// A thousand clients of one loop, whose server goes and comes back.
#include "endpoint/client_core.h"
#include "endpoint/test_visit.h"
#include "transport/memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace simws::endpoint {
namespace {

using test::Visit;

constexpr std::uint16_t port = 9000;
constexpr std::size_t crowd = 1000;
constexpr double bin = 0.05;  // seconds

class SeededRandom final : public RandomSource {
 public:
  void fill(MutableBytes bytes) override {
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(numbers_());
  }

 private:
  std::mt19937 numbers_{1};
};

class ClientCrowdTest : public testing::Test {
 protected:
  ClientCrowdTest() {
    listen();
    for (std::size_t i = 0; i < crowd; ++i) connect();
    advance(0.1);
  }
  ~ClientCrowdTest() override {
    for (const auto& client : clients) client->stop(false);
    loop->run_until_idle();
    clients.clear();
    visits.clear();
  }

  void listen() {
    listener = loop->listen("127.0.0.1", port,
                            [this](auto stream) {
                              attempts.push_back(now());
                              visits.push_back(std::make_unique<Visit>(std::move(stream)));
                            })
                   .value();
  }
  void connect() {
    ClientOptions options;
    options.reconnect = Reconnect{};
    options.logger = [](LogLevel, std::string_view) {};
    Destination destination;
    destination.uri = protocol::parse_uri("ws://127.0.0.1:9000/").value();
    clients.push_back(
        std::make_unique<ClientCore>(parts, std::move(destination), std::move(options), handlers));
    clients.back()->start();
  }

  std::shared_ptr<const ClientHandlers> make_handlers() {
    ClientHandlers made;
    made.open = [this](Connection&) { ++opened; };
    made.fail = [this](Connection&) { attempts.push_back(now()); };
    return std::make_shared<const ClientHandlers>(std::move(made));
  }

  double now() const { return Seconds(loop->now().time_since_epoch()).count(); }
  void advance(double seconds) {
    for (double passed = 0; passed < seconds; passed += 0.01) {
      loop->advance(std::chrono::milliseconds(10));
      loop->run_until_idle();
      for (std::size_t i = answered; i < visits.size(); ++i) visits[i]->accept();
      answered = visits.size();
      loop->run_until_idle();
    }
  }
  void lose_all() {
    listener.reset();
    for (const auto& visit : visits) visit->reset();
    visits.clear();
    answered = 0;
    opened = 0;
    attempts.clear();
    loop->run_until_idle();
  }
  // No bin holds more than twice the mean between the first and the last attempt.
  void expect_spread() const {
    const auto [first, last] = std::ranges::minmax(attempts);
    std::vector<std::size_t> bins(static_cast<std::size_t>((last - first) / bin) + 1);
    for (const double at : attempts) ++bins[static_cast<std::size_t>((at - first) / bin)];
    const double mean = static_cast<double>(attempts.size()) * bin / (last - first);
    EXPECT_LE(static_cast<double>(std::ranges::max(bins)), 2 * mean);
  }

  std::unique_ptr<transport::MemoryLoop> loop = transport::MemoryLoop::make();
  TurnEnd turn_end{*loop};
  SeededRandom random;
  ClientParts parts{turn_end, random};
  std::unique_ptr<transport::Listener> listener;
  std::vector<std::unique_ptr<Visit>> visits;
  const std::shared_ptr<const ClientHandlers> handlers = make_handlers();
  std::vector<std::unique_ptr<ClientCore>> clients;
  std::vector<double> attempts;
  std::size_t answered = 0;  // of the visits
  std::size_t opened = 0;
};

TEST_F(ClientCrowdTest, AllComeBackSpreadByTheJitter) {
  EXPECT_EQ(opened, crowd);
  lose_all();
  listen();
  advance(1);
  EXPECT_EQ(opened, crowd);
  EXPECT_EQ(attempts.size(), crowd);
  expect_spread();
}

TEST_F(ClientCrowdTest, TheyStaySpreadWhileTheServerIsAway) {
  lose_all();
  advance(5);
  attempts.clear();
  listen();
  advance(30);
  EXPECT_EQ(opened, crowd);
  EXPECT_EQ(attempts.size(), crowd);
  const auto [first, last] = std::ranges::minmax(attempts);
  EXPECT_GT(last - first, 2) << "they have drifted apart";
}

TEST_F(ClientCrowdTest, WhatTheyHaveInCommonIsThereOnce) {
  for (const auto& client : clients) EXPECT_EQ(&client->options(), &clients[0]->options());
}

}  // namespace
}  // namespace simws::endpoint
