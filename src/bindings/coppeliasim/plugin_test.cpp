#include "bindings/coppeliasim/plugin.h"

#include "bindings/coppeliasim/lua_files.h"
#include "bindings/coppeliasim/plugin_test_fixture.h"

#include <new>
#include <set>

namespace simws::coppeliasim::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

FakeCore::Function answering(Items results) {
  return [results](Items& stack) {
    stack = results;
    return true;
  };
}

TEST_F(PluginTest, AllOfTheTableIsRegistered) {
  for (const script::FunctionRow& row : script::functions()) {
    EXPECT_TRUE(core_.registered.contains(std::string(row.name))) << row.name;
  }
  std::set<ScriptFunction> distinct;
  for (const auto& [name, function] : core_.registered) distinct.insert(function);
  EXPECT_EQ(distinct.size(), core_.registered.size());
  EXPECT_EQ(core_.variables.size(), script::constants().size());
  EXPECT_THAT(core_.variables, Contains(std::pair<std::string, std::string>("opcode.text", "1")));
}

class OldPluginTest : public PluginTest {
 protected:
  OldPluginTest() : PluginTest(4060000) {}
};

TEST_F(OldPluginTest, TablesOfConstantsComeFirst) {
  ASSERT_FALSE(core_.variables.empty());
  EXPECT_EQ(core_.variables[0], (std::pair<std::string, std::string>("opcode", "{}")));
}

TEST_F(PluginTest, ErrorsAreWordedAsUsersKnowThem) {
  const std::string server = start();
  EXPECT_THAT(error_of("send", {}), StartsWith("simWS.send: not enough arguments"));
  EXPECT_THAT(error_of("stop", {text("a"), number(1)}),
              StartsWith("simWS.stop: too many arguments"));
  EXPECT_THAT(error_of("stop", {text(server), {}}), HasSubstr("too many arguments (2 given)"))
      << "a nil at the end counts";
  EXPECT_THAT(error_of("stop", {text("simWS.Server:123456")}),
              StartsWith("simWS.stop: invalid object handle"));
  EXPECT_THAT(error_of("start", {text("9000")}),
              StartsWith("simWS.start: argument 1 (listenPort): expected int, got string"));
  EXPECT_THAT(error_of("start", {number(70000)}), HasSubstr("must be 0 to 65535"));
  EXPECT_THAT(error_of("start", {number(0), map_of({{"hots", text("*")}})}),
              HasSubstr("unknown option 'hots'"));
  EXPECT_THAT(error_of("send", {text(server), text("simWS.Connection:" + server.substr(13) + ":1"),
                                text("data"), number(3)}),
              HasSubstr("invalid opcode: 3"));
  EXPECT_THAT(error_of("run", {}), HasSubstr("leave this call out"));
}

TEST_F(PluginTest, ALargeMessageIsLetGoBeforeItsHandlerRuns) {
  trim_kept_memory();
  trim_kept_memory();
  constexpr std::size_t size = std::size_t{1} << 20;
  const std::string server = start();
  std::size_t kept = 0;
  core_.scripts[script]["onMessage"] = [&](Items& stack) {
    EXPECT_EQ(stack.at(2).as<Text>()->bytes.size(), size);
    kept = kept_memory();
    stack.clear();
    return true;
  };
  handle("setMessageHandler", server, "onMessage");
  TestClient client(port(server));
  client.send_handshake();
  client.read_until("\r\n\r\n");
  std::thread sender([&] { client.send(TestClient::frame(std::string(size, 'x'), 0x82)); });
  pass_until([&] { return kept > 0; });
  sender.join();
  EXPECT_GE(kept, size);
}

TEST_F(PluginTest, AHandlerIsCalledInThePass) {
  const std::string server = start();
  std::string arguments;
  core_.scripts[script]["app.onHTTP"] = [&](Items& stack) {
    arguments = show(stack);
    stack = {number(201), text("body"), map_of({{"X-Kind", text("test")}})};
    return true;
  };
  handle("setHTTPHandler", server, "app.onHTTP");
  const std::string answer = get(port(server));
  EXPECT_EQ(arguments,
            "'" + server + "', 'simWS.Connection:" + server.substr(13) + ":1', '/page', ''");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 201 "));
  EXPECT_THAT(answer, HasSubstr("X-Kind: test"));
  EXPECT_THAT(answer, HasSubstr("Server: CoppeliaSim/4.9.0rev6 Linux"));
  EXPECT_THAT(answer, testing::EndsWith("body"));
}

class NewPluginTest : public PluginTest {
 protected:
  NewPluginTest() : PluginTest(4100005) {}
};

TEST_F(NewPluginTest, DataIsABuffer) {
  const std::string server = start();
  std::string arguments;
  core_.scripts[script]["onHTTP"] = [&](Items& stack) {
    arguments = show(stack);
    stack = {number(200), {Text{"answer", true}}};
    return true;
  };
  handle("setHTTPHandler", server, "onHTTP");
  EXPECT_THAT(get(port(server)), testing::EndsWith("answer"));
  EXPECT_THAT(arguments, HasSubstr("'/page', buffer ''"));
}

TEST_F(PluginTest, AHandlerThatIsMissingIsLoggedOnce) {
  const std::string server = start();
  core_.scripts[script];
  handle("setHTTPHandler", server, "nowhere");
  const std::size_t before = core_.log.size();
  EXPECT_THAT(get(port(server)), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(get(port(server)), StartsWith("HTTP/1.1 404 "));
  ASSERT_EQ(core_.log.size(), before + 1);
  EXPECT_THAT(core_.log.back(), StartsWith("420 script7: httpCallback 'nowhere' of " + server));
}

TEST_F(PluginTest, AHandlerThatFailsIsLoggedWithTheScriptsName) {
  const std::string server = start();
  core_.scripts[script]["bad"] = [](Items&) { return false; };
  handle("setHTTPHandler", server, "bad");
  EXPECT_THAT(get(port(server)), StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(core_.log.back(), StartsWith("420 script7: httpCallback 'bad' of " + server));
}

TEST_F(PluginTest, TheModuleCallsHandlers) {
  core_.call(script, std::string(use_module_function), {});
  const std::string server = start();
  Items results;
  std::string arguments;
  core_.scripts[script]["__simWS.http"] = [&](Items& stack) {
    arguments = show(stack);
    stack = results;
    return true;
  };
  handle("setHTTPHandler", server, "name");
  results = {{true}, number(200), text("fine")};
  EXPECT_THAT(get(port(server)), testing::EndsWith("fine"));
  EXPECT_THAT(arguments, StartsWith("'name', '" + server));
  EXPECT_THAT(arguments, HasSubstr("'/page', '', {method='GET'")) << "it's told all there is";
  results = {{false}};
  EXPECT_THAT(get(port(server)), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(core_.log.back(), HasSubstr("no function of that name"));
  results = {text("file.lua:3: oops\nstack traceback: ...")};
  EXPECT_THAT(get(port(server)), StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(core_.log.back(), HasSubstr("'name' of " + server + ": file.lua:3: oops\nstack"));

  handle("setHTTPHandler", server, std::string(kept_function));
  results = {{true}, number(200), text("kept")};
  EXPECT_THAT(get(port(server)), testing::EndsWith("kept"));
  EXPECT_THAT(arguments, StartsWith("'', '" + server)) << "the module knows which";
}

TEST_F(PluginTest, TheTextThatStandsForAFunctionIsATextElsewhere) {
  const std::string server = start();
  core_.call(script, "broadcast", {text(server), text(std::string(kept_function))});
  EXPECT_EQ(core_.error, "");
}

// The simulator's own frames lie below.
TEST_F(PluginTest, NoExceptionLeavesThePlugin) {
  unload();
  Simulator failing = core_.simulator();
  failing.get_script_string_param = [](int, int, int*) -> char* { throw std::bad_alloc(); };
  served_plugin() = std::make_shared<Plugin>(failing, "simWS");
  EXPECT_THAT(error_of("start", {number(0)}), StartsWith("simWS.start: "));
  EXPECT_THAT(error_of(std::string(use_module_function), {}), StartsWith("simWS._useModule: "));
}

TEST_F(PluginTest, NamedParametersAreDefaults) {
  core_.named_parameters["simWS.maxConnections"] = "nonsense";
  EXPECT_THAT(error_of("start", {number(0)}), HasSubstr("named parameter simWS.maxConnections"));
  core_.named_parameters = {{"simWS.userAgent", "me"}};
  const std::string server = start();
  core_.scripts[script]["f"] = answering({number(200)});
  handle("setHTTPHandler", server, "f");
  EXPECT_THAT(get(port(server)), HasSubstr("Server: me\r\n"));
}

TEST_F(PluginTest, ScriptsCanReadTheUserAgent) {
  EXPECT_EQ(core_.named_parameters["simWS.userAgent"], "CoppeliaSim/4.9.0rev6 Linux");
  unload();
  core_.named_parameters["simWS.userAgent"] = "me";
  load();
  EXPECT_EQ(core_.named_parameters["simWS.userAgent"], "me") << "whoever set it is obeyed";
}

TEST_F(PluginTest, VerboseShowsEachEvent) {
  const std::string quiet = start();
  get(port(quiet));
  EXPECT_THAT(core_.log, testing::Each(Not(HasSubstr("GET"))));
  core_.named_parameters["simWS.verbose"] = "1";
  const std::string server = start();
  get(port(server));
  EXPECT_EQ(core_.log.back(),
            "450 script7: simWS.Connection:" + server.substr(13) + ":1: httpCallback, GET '/page'");
}

TEST_F(PluginTest, LinesOfRequestsHaveNoQuery) {
  core_.named_parameters["simWS.verbose"] = "1";
  const std::string server = start();
  get(port(server), "/page?token=secret");
  EXPECT_THAT(core_.log.back(), testing::EndsWith("httpCallback, GET '/page'"));
}

TEST_F(PluginTest, OneLineSaysWhereItListensAndWhoIsShutOut) {
  start();
  EXPECT_THAT(core_.log, testing::ElementsAre(testing::AllOf(HasSubstr("listening on 127.0.0.1:"),
                                                             HasSubstr("simWS.host=*"),
                                                             HasSubstr("simWS.origins=*"))));
  start();
  EXPECT_THAT(core_.log.back(), testing::AllOf(HasSubstr("listening on 127.0.0.1:"),
                                               testing::Not(HasSubstr("simWS.host=*"))))
      << "once will do";
}

TEST_F(PluginTest, ALogHandlerTakesTheLinesInTheNextPass) {
  std::vector<std::string> lines;
  core_.scripts[script]["onLog"] = [&](Items& items) {
    lines.push_back(items.at(0).as<Text>()->bytes + " " + items.at(1).as<Text>()->bytes);
    items.clear();
    return true;
  };
  core_.call(script, "setLogHandler", {text("onLog")});
  start();
  EXPECT_THAT(core_.log, testing::IsEmpty());
  EXPECT_THAT(lines, testing::IsEmpty());
  pass();
  EXPECT_THAT(lines, testing::ElementsAre(HasSubstr("info listening on 127.0.0.1:")));
}

TEST_F(PluginTest, TheLogSaysNothingOfWhatIsSet) {
  core_.named_parameters = {{"simWS.host", "127.0.0.1"}};
  start(script, {map_of({{"origins", text("*")}})});
  EXPECT_THAT(core_.log.back(), HasSubstr("listening on 127.0.0.1:"));
  start();
  EXPECT_THAT(core_.log.back(), Not(HasSubstr("simWS.host=*")));
  EXPECT_THAT(core_.log.back(), HasSubstr("simWS.origins=*"));
}

}  // namespace
}  // namespace simws::coppeliasim::test
