// An edge whose feed the test plays, and its viewers, over sockets of this machine.
#pragma once

#include "host/commands/edge/edge_relay.h"

#include <simws/client.h>
#include <simws/event_loop.h>
#include <simws/server.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace simws::host::test {

using Words = std::vector<std::string>;

// In place of the broker: what comes back is "viewer topic data", in order.
class FakeFeed {
 public:
  broker::EdgeHandlers handlers;
  std::atomic<bool> takes = true;
  int starts_anew = 0;  // how often it was asked to

  StartFeed start() {
    return [this](broker::EdgeHandlers its_handlers) -> Result<std::unique_ptr<FeedLink>> {
      handlers = std::move(its_handlers);
      return std::unique_ptr<FeedLink>(std::make_unique<Link>(*this));
    };
  }
  Words published() {
    const std::lock_guard lock(mutex_);
    return published_;
  }

 private:
  class Link final : public FeedLink {
   public:
    explicit Link(FakeFeed& feed) : feed_(feed) {}
    bool publish_in(std::string_view viewer, std::string_view topic, std::string_view data,
                    Opcode) override {
      if (!feed_.takes) return false;
      const std::lock_guard lock(feed_.mutex_);
      feed_.published_.push_back(
          std::string(viewer).append(" ").append(topic).append(" ").append(data));
      return true;
    }
    void start_anew() override { ++feed_.starts_anew; }

   private:
    FakeFeed& feed_;
  };

  std::mutex mutex_;
  Words published_;
};

class EdgeTest : public testing::Test {
 protected:
  // A client, and what came.
  struct Viewer {
    Words messages;
    Words closes;
    std::unique_ptr<Client> client;  // the last, so that it goes first

    void say(const std::string& message) { (void)client->send(message); }
  };

  ~EdgeTest() override {
    if (relay_) relay_->detach();
  }

  void start(ServerOptions options = {}, EdgeRelay::Limits limits = {}) {
    limits.until_told = Seconds{0};
    const Logger log = [this](LogLevel, std::string_view line) { note(line); };
    relay_ = std::make_unique<EdgeRelay>("arm", log, topics_, limits);
    options.topics = {"#"};
    options.publishable = {"commands/#"};
    options.resync_with_retained = true;
    options.logger = log;
    auto server = Server::listen(loop_, 0, std::move(options), relay_->handlers());
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(server).value();
    ASSERT_TRUE(relay_->attach(*server_, loop_, feed_.start()));
  }

  std::unique_ptr<Viewer> connect(const std::string& subprotocol = "simws.topics.1") {
    auto viewer = std::make_unique<Viewer>();
    ClientOptions options;
    if (!subprotocol.empty()) options.subprotocols = {subprotocol};
    options.logger = [](LogLevel, std::string_view) {};
    ClientHandlers handlers;
    Viewer& seen = *viewer;
    handlers.message = [&seen](Connection&, std::string_view data, Opcode) {
      seen.messages.emplace_back(data);
    };
    handlers.close = [&seen](Connection& connection) {
      seen.closes.push_back(connection.info().close_reason);
    };
    auto client = Client::connect(loop_, "ws://127.0.0.1:" + std::to_string(server_->info().port),
                                  std::move(options), std::move(handlers));
    EXPECT_TRUE(client);
    viewer->client = std::move(client).value();
    until([&] { return seen.client->state() != ClientState::connecting; });
    return viewer;
  }
  // A viewer of that topic, which has got what is there.
  std::unique_ptr<Viewer> view(const std::string& topic) {
    auto viewer = connect();
    viewer->say("[\"subscribe\",\"" + topic + "\"]");
    settle(*viewer);
    viewer->messages.clear();
    return viewer;
  }
  // All that was published before has come to it.
  void settle(Viewer& viewer) {
    viewer.say("[\"ping\",1]");
    const auto is_pong = [](const std::string& word) { return word.starts_with("[\"pong\""); };
    until([&] { return std::ranges::any_of(viewer.messages, is_pong); });
    std::erase_if(viewer.messages, is_pong);
  }
  Words take(Viewer& viewer) {
    handle_all();
    settle(viewer);
    return std::exchange(viewer.messages, {});
  }

  // As the feed's threads do.
  void bring(const std::string& data, std::uint64_t sequence, const std::string& epoch = "e1",
             const std::string& key = "k", bool retain = false) {
    broker::EdgeMessage message;
    message.topic = "pose";
    message.key = key;
    message.data = data;
    message.retain = retain;
    message.epoch = epoch;
    message.sequence = sequence;
    message.time = 1.5;
    feed_.handlers.message(std::move(message));
  }
  // Published so long before the others.
  void bring_late(const std::string& topic, std::uint64_t sequence, double milliseconds) {
    broker::EdgeMessage message;
    message.topic = topic;
    message.data = "late";
    message.epoch = "e1";
    message.sequence = sequence;
    message.time = 1.5 - milliseconds;
    feed_.handlers.message(std::move(message));
    handle_all();
  }
  void retain(const std::string& data, std::uint64_t sequence, const std::string& epoch = "e1",
              const std::string& key = "k") {
    bring(data, sequence, epoch, key, true);
  }
  void forget(std::uint64_t sequence, const std::string& key = "k") {
    broker::EdgeMessage message;
    message.topic = "pose";
    message.key = key;
    message.forget = true;
    message.epoch = "e1";
    message.sequence = sequence;
    feed_.handlers.message(std::move(message));
  }
  static broker::EdgeStatus well(const std::string& epoch = "e1") {
    broker::EdgeStatus status;
    status.is_connected = true;
    status.server = "n1";
    status.is_held = true;
    status.holder = "10.0.0.2:9000";
    status.epoch = epoch;
    status.round_trip = Seconds(0.001);
    return status;
  }

  // Turns, until nothing is posted any more that wants another.
  void handle_all() {
    bool is_over = false;
    loop_.post([this, &is_over] { loop_.post([&is_over] { is_over = true; }); });
    until([&] { return is_over; });
  }
  void until(const std::function<bool()>& is_so) {
    while (!is_so()) loop_.poll(Seconds{0.01});
  }
  std::size_t count_of(std::string_view part) {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const std::string& line : lines_) {
      if (line.find(part) != std::string::npos) ++count;
    }
    return count;
  }

  EventLoop loop_;
  EdgeTopics topics_;  // for `start`
  FakeFeed feed_;
  std::unique_ptr<EdgeRelay> relay_;  // outlives the server, as the program has it
  std::unique_ptr<Server> server_;

 private:
  void note(std::string_view line) {
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(line);
  }

  std::mutex mutex_;
  Words lines_;
};

}  // namespace simws::host::test
