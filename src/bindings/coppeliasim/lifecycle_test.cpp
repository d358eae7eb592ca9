// What becomes of servers when scripts, scenes and the plugin come and go.
#include "bindings/coppeliasim/plugin_test_fixture.h"

#include <atomic>
#include <vector>

namespace simws::coppeliasim::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class LifecycleTest : public PluginTest {
 protected:
  // A request that stands in the queue before the next pass. The client must live on.
  TestClient ask(int of) {
    TestClient client(of);
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return client;
  }
  void answer_by(const std::string& server, int by, FakeCore::Function function) {
    core_.scripts[by]["f"] = std::move(function);
    handle("setHTTPHandler", server, "f", by);
  }
};

TEST_F(LifecycleTest, AScriptsEndEndsItsServers) {
  const std::string server = start();
  const int at = port(server);
  destroy_state(script + 1);
  EXPECT_TRUE(is_listening(at)) << "another script's end";
  destroy_state(script);
  EXPECT_FALSE(is_listening(at));
  destroy_state(script);
  destroy_state(script);
  EXPECT_THAT(error_of("stop", {text(server)}), HasSubstr("invalid object handle"))
      << "the script that has the same handle now is another";
}

TEST_F(LifecycleTest, AScriptsServerIsItsOwn) {
  const std::string server = start();
  core_.script_types[8] = script_type::add_on;
  core_.call(8, "stop", {text(server)});
  EXPECT_THAT(core_.error, HasSubstr("invalid object handle"));
  EXPECT_TRUE(is_listening(port(server)));
}

TEST_F(LifecycleTest, AScriptMayEndInsideItsHandler) {
  const std::string server = start();
  const int at = port(server);
  bool is_called_again = false;
  answer_by(server, script, [&](Items&) {
    destroy_state(script);
    EXPECT_FALSE(is_listening(at)) << "at once";
    core_.scripts[script]["f"] = [&](Items&) { return is_called_again = true; };
    return false;
  });
  TestClient first = ask(at);
  TestClient second = ask(at);
  EXPECT_THAT(get(at), Not(HasSubstr("200 OK")));
  pass();
  EXPECT_FALSE(is_called_again);
}

TEST_F(LifecycleTest, AScriptMayEndInsideItsOwnCall) {
  const std::string server = start();
  const int at = port(server);
  handle("setCloseHandler", server, "onClose");
  core_.scripts[script]["onClose"] = [&](Items&) {
    destroy_state(script);
    return false;
  };
  TestClient client(at);
  bool is_open = false;
  core_.scripts[script]["onOpen"] = [&](Items&) { return is_open = true; };
  handle("setOpenHandler", server, "onOpen");
  client.send_handshake();
  pass_until([&] { return is_open; });
  core_.call(script, "stop", {text(server)});
  EXPECT_FALSE(is_listening(at));
  pass();
}

TEST_F(LifecycleTest, APassInsideAHandlerDeliversNothing) {
  const std::string server = start();
  int depth = 0;
  int deepest = 0;
  answer_by(server, script, [&](Items& stack) {
    deepest = std::max(deepest, ++depth);
    for (int i = 0; i < 10; ++i) pass();
    --depth;
    stack = {number(200)};
    return true;
  });
  std::vector<TestClient> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(ask(port(server)));
  for (TestClient& client : clients) {
    std::atomic<bool> is_answered{false};
    std::thread reader([&] { is_answered = !client.read_until("\r\n\r\n").empty(); });
    pass_until([&] {
      return core_.call(script, "getServerInfo", {text(server)}).size() == 1 && is_answered;
    });
    reader.join();
  }
  EXPECT_EQ(deepest, 1);
}

TEST_F(LifecycleTest, ScriptsOfAnotherSceneWaitForIt) {
  constexpr int object = 15;
  core_.script_types[object] = 1;
  const std::string server = start(object);
  const int at = port(server, object);
  int calls_here = 0;
  answer_by(server, object, [&](Items& stack) {
    ++calls_here;
    EXPECT_EQ(core_.scene, 1);
    stack = {number(200)};
    return true;
  });

  core_.scene = 2;
  const std::string other = start(object);
  EXPECT_NE(other, server);
  TestClient client = ask(at);
  const std::string answer = [&] {
    core_.scripts[object]["g"] = [](Items& stack) {
      stack = {number(200)};
      return true;
    };
    handle("setHTTPHandler", other, "g", object);
    return get(port(other, object));
  }();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(calls_here, 0);
  destroy_state(object);

  core_.scene = 1;
  EXPECT_TRUE(is_listening(at)) << "the other scene's script has ended, not this one";
  pass_until([&] { return calls_here == 1; });
}

TEST_F(LifecycleTest, ThePluginMayBeLoadedAgain) {
  const std::string server = start();
  const int at = port(server);
  unload();
  EXPECT_FALSE(is_listening(at));
  load();
  const Items options = {number(at)};
  EXPECT_EQ(core_.call(script, "start", options).size(), 1u);
  EXPECT_EQ(core_.error, "");
}

TEST_F(LifecycleTest, ThePluginMayBeUnloadedInsideAHandler) {
  const std::string server = start();
  const int at = port(server);
  TestClient client = ask(at);
  bool is_called = false;
  answer_by(server, script, [&](Items&) {
    unload();
    EXPECT_FALSE(is_listening(at));
    load();
    client.end();  // what was unloaded waits for its peers
    return is_called = true;
  });
  pass_until([&] { return is_called; });
  start();
}

TEST_F(LifecycleTest, LinesOfTheNetworksThreadComeInThePass) {
  const std::string server = start();
  TestClient client(port(server));
  client.send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  client.read_until("\r\n\r\n");
  pass_until([&] {
    return std::ranges::any_of(core_.log, [](const std::string& line) {
      return line.find("evil.example") != std::string::npos;
    });
  });
}

TEST_F(LifecycleTest, APassWritesSoManyLinesAtTheMost) {
  const std::string server = start();
  const int at = port(server);
  answer_by(server, script, [](Items& stack) {
    stack = {number(200), text("x"), map_of({{"no token", text("x")}})};  // which the network logs
    return true;
  });
  constexpr std::size_t count = PluginLog::most_in_pass + 50;
  std::vector<TestClient> clients;
  for (std::size_t i = 0; i < count; ++i) clients.push_back(ask(at));
  const auto told = [&] { return core_.log.size(); };
  while (told() < count) {
    const std::size_t before = told();
    pass();
    ASSERT_LE(told() - before, PluginLog::most_in_pass);
  }
}

TEST_F(LifecycleTest, ScriptsTakeTurnsToBeFirst) {
  core_.named_parameters["simWS.passBudget"] = "0";
  core_.script_types[8] = script_type::add_on;
  const std::string mine = start();
  const std::string other = start(8);
  std::vector<int> order;
  for (const auto& [server, by] : {std::pair(mine, script), std::pair(other, 8)}) {
    answer_by(server, by, [&order, by](Items& stack) {
      order.push_back(by);
      stack = {number(200)};
      return true;
    });
  }
  std::vector<TestClient> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(ask(port(mine)));
    clients.push_back(ask(port(other, 8)));
  }
  pass_until([&] { return order.size() == 16; });
  EXPECT_EQ(std::ranges::count(order, 8), 8);
}

}  // namespace
}  // namespace simws::coppeliasim::test
