// Client as C++ programs use it, on real sockets.
#include <simws/client.h>
#include <simws/server.h>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws {
namespace {

void be_silent(LogLevel, std::string_view) {}

class ClientOnALoop : public testing::Test {
 protected:
  ClientOnALoop() {
    ServerOptions options;
    options.logger = be_silent;
    ServerHandlers handlers;
    handlers.open = [this](Connection&) { ++accepted; };
    server = Server::listen(loop, 0, std::move(options), std::move(handlers)).value();
  }
  template <typename Handlers>
  std::unique_ptr<Client> connect(Handlers handlers) {
    ClientOptions options;
    options.logger = be_silent;
    const std::string uri = "ws://127.0.0.1:" + std::to_string(server->info().port) + "/";
    return Client::connect(loop, uri, std::move(options), std::move(handlers)).value();
  }

  EventLoop loop;
  int accepted = 0;
  std::unique_ptr<Server> server;
};

TEST_F(ClientOnALoop, ManyMayShareTheirHandlers) {
  std::vector<std::unique_ptr<Client>> clients;
  ClientHandlers handlers;
  int opened = 0;
  handlers.open = [&](Connection&) {
    if (++opened == 3) loop.stop();
  };
  const auto shared = std::make_shared<const ClientHandlers>(std::move(handlers));
  for (int i = 0; i < 3; ++i) clients.push_back(connect(shared));
  loop.run();
  EXPECT_EQ(opened, 3);
}

TEST_F(ClientOnALoop, ItMayHaveNoHandlers) {
  const auto client = connect(std::shared_ptr<const ClientHandlers>());
  while (client->state() != ClientState::open || accepted == 0) loop.poll(Seconds{-1});
  EXPECT_TRUE(*client->send("hello"));
}

TEST_F(ClientOnALoop, ItMayGoBeforeItsFirstTurn) {
  connect(ClientHandlers{}).reset();
  ClientHandlers handlers;
  handlers.open = [&](Connection&) { loop.stop(); };
  const auto other = connect(std::move(handlers));
  loop.run();
  EXPECT_EQ(other->state(), ClientState::open);
}

}  // namespace
}  // namespace simws
