// The plugin in a simulator of the test's own.
#pragma once

#include "bindings/coppeliasim/fake_core_test.h"
#include "bindings/coppeliasim/plugin.h"
#include "bindings/coppeliasim/registration.h"
#include "dispatch/test_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace simws::coppeliasim::test {

using dispatch::test::TestClient;

class PluginTest : public testing::Test {
 protected:
  static constexpr int script = 7;

  explicit PluginTest(int version = 4090006) : core_(version) {
    core_.script_types[script] = script_type::add_on;
    load();
  }
  ~PluginTest() override {
    served_plugin().reset();
    EXPECT_TRUE(core_.failures.empty()) << core_.failures.front();
    EXPECT_TRUE(core_.stacks.empty()) << "stacks that weren't released";
  }

  void load() {
    served_plugin() = std::make_shared<Plugin>(core_.simulator(), "simWS");
    ASSERT_TRUE(register_functions(core_.simulator()));
  }
  // As simCleanup does it.
  void unload() {
    if (const auto plugin = std::exchange(served_plugin(), nullptr)) plugin->end();
  }

  void send_message(int id, int data = -1) {
    int values[4] = {data, 1, 0, 0};
    const Message message{id, values, nullptr};
    if (const auto plugin = served_plugin()) plugin->on_message(message);
  }
  void pass() { send_message(message::instance_pass); }
  void destroy_state(int of) { send_message(message::script_state_about_to_be_destroyed, of); }

  // Passes until `done`, ten seconds at most.
  void pass_until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!done() && std::chrono::steady_clock::now() < end) {
      pass();
      std::this_thread::yield();
    }
    EXPECT_TRUE(done());
  }

  std::string start(int by = script, Items options = {}) {
    options.insert(options.begin(), number(0));
    const Items results = core_.call(by, "start", options);
    EXPECT_EQ(core_.error, "");
    return results.empty() ? "" : results[0].as<Text>()->bytes;
  }
  int port(const std::string& server, int by = script) {
    const Items results = core_.call(by, "getServerInfo", {text(server)});
    for (const auto& [key, value] : results.at(0).as<Table>()->entries) {
      if (key.as<Text>()->bytes == "port") return static_cast<int>(*value.as<std::int64_t>());
    }
    return 0;
  }
  void handle(const std::string& setter, const std::string& server, const std::string& name,
              int by = script) {
    core_.call(by, setter, {text(server), text(name)});
    EXPECT_EQ(core_.error, "");
  }
  // Asks for a page and waits for the answer, while the simulator passes.
  std::string get(int port, const std::string& resource = "/page") {
    TestClient client(port);
    std::string answer;
    std::atomic<bool> is_answered{false};
    std::thread reader([&] {
      client.send("GET " + resource + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      answer = client.read_all();
      is_answered = true;
    });
    pass_until([&] { return is_answered.load(); });
    reader.join();
    return answer;
  }
  bool is_listening(int port) { return TestClient(port).is_connected(); }

  std::string error_of(const std::string& function, Items arguments) {
    const Items results = core_.call(script, function, std::move(arguments));
    EXPECT_TRUE(results.empty());
    return core_.error;
  }

  FakeCore core_;
};

}  // namespace simws::coppeliasim::test
