// The functions, callbacks and constants of the WS plugin's reference, written down here once more:
// a script that keeps to that reference finds everything as it says.
#include "script/function_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace simws::script {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;

struct Item {
  std::string type;
  std::string name;
  std::string default_value = "";

  bool operator==(const Item&) const = default;
};

void PrintTo(const Item& item, std::ostream* out) {
  *out << item.type << " " << item.name << " " << item.default_value;
}

std::vector<Item> parameters_of(std::span<const Parameter> rows) {
  std::vector<Item> items;
  for (const Parameter& row : rows) {
    items.push_back(
        {std::string(type_name(row.type)), std::string(row.name), std::string(row.default_value)});
  }
  return items;
}

std::vector<Item> results_of(std::span<const ResultRow> rows) {
  std::vector<Item> items;
  for (const ResultRow& row : rows) {
    items.push_back({std::string(type_name(row.type)), std::string(row.name)});
  }
  return items;
}

// The first `count` of them: what the plugin's reference has. Additions only follow.
std::vector<Item> first(std::vector<Item> items, std::size_t count) {
  items.resize(std::min(items.size(), count));
  return items;
}

// As newer versions of the plugin call what may be a client's, too.
const Item either{"string", "serverOrClientHandle"};
const std::vector<Item> handler = {either, {"string", "callbackFn"}};
const std::vector<Item> http_handler = {{"string", "serverHandle"}, {"string", "callbackFn"}};

struct PluginFunction {
  std::string name;
  std::vector<Item> parameters;
  std::vector<Item> results;
};

// In the order of the plugin's reference.
const PluginFunction plugin_functions[] = {
    {"send",
     {either,
      {"string", "connectionHandle"},
      {"string", "data"},
      {"int", "opcode", "sim_ws_opcode_text"}},
     {}},
    {"setCloseHandler", handler, {}},
    {"setFailHandler", handler, {}},
    {"setHTTPHandler", http_handler, {}},
    {"setMessageHandler", handler, {}},
    {"setOpenHandler", handler, {}},
    {"start", {{"int", "listenPort"}}, {{"string", "serverHandle"}}},
    {"stop", {{"string", "serverHandle"}}, {}},
};

TEST(PluginReference, ItsFunctionsComeFirstAndInItsOrder) {
  std::size_t index = 0;
  for (const PluginFunction& expected : plugin_functions) {
    ASSERT_LT(index, functions().size());
    EXPECT_EQ(functions()[index++].name, expected.name);
  }
}

TEST(PluginReference, ItsParametersHaveTheirNamesTypesAndDefaults) {
  for (const PluginFunction& expected : plugin_functions) {
    SCOPED_TRACE(expected.name);
    const FunctionRow* row = find_function(expected.name);
    ASSERT_NE(row, nullptr);
    const auto parameters = parameters_of(row->parameters);
    EXPECT_THAT(first(parameters, expected.parameters.size()),
                ElementsAreArray(expected.parameters));
    EXPECT_THAT(first(results_of(row->results), expected.results.size()),
                ElementsAreArray(expected.results));
    EXPECT_THAT(std::string(row->since), HasSubstr("as in the WS plugin"));
  }
}

TEST(PluginReference, ACallWithItsParametersAloneIsEnough) {
  for (const PluginFunction& expected : plugin_functions) {
    const FunctionRow* row = find_function(expected.name);
    ASSERT_NE(row, nullptr);
    const auto required = std::ranges::count(expected.parameters, "", &Item::default_value);
    EXPECT_EQ(Signature(*row).required(), static_cast<std::size_t>(required)) << expected.name;
  }
}

struct PluginCallback {
  std::string name;
  std::vector<Item> parameters;
  std::vector<Item> results;
};

const Item server{"string", "serverHandle"};
const Item connection{"string", "connectionHandle"};

const PluginCallback plugin_callbacks[] = {
    {"openCallback", {either, connection}, {}},
    {"failCallback", {either, connection}, {}},
    {"closeCallback", {either, connection}, {}},
    {"messageCallback", {either, connection, {"string", "data"}}, {}},
    {"httpCallback",
     {server, connection, {"string", "resource"}, {"string", "data"}},
     {{"int", "status"}, {"string", "data"}}},
};

TEST(PluginReference, ItsCallbacksGetTheirParametersAndGiveTheirResults) {
  ASSERT_GE(callbacks().size(), std::size(plugin_callbacks));
  std::size_t index = 0;
  for (const PluginCallback& expected : plugin_callbacks) {
    SCOPED_TRACE(expected.name);
    const CallbackRow& row = callbacks()[index++];
    EXPECT_EQ(row.name, expected.name);
    EXPECT_EQ(row.always, expected.parameters.size());
    EXPECT_THAT(first(parameters_of(row.parameters), expected.parameters.size()),
                ElementsAreArray(expected.parameters));
    EXPECT_THAT(first(results_of(row.results), expected.results.size()),
                ElementsAreArray(expected.results));
  }
}

TEST(PluginReference, ItsConstants) {
  std::vector<std::string> names;
  std::vector<int> values;
  for (const ConstantRow& row : constants()) {
    names.push_back(std::string(row.group) + "." + std::string(row.name));
    values.push_back(row.value);
  }
  EXPECT_THAT(names, ElementsAre("opcode.continuation", "opcode.text", "opcode.binary"));
  EXPECT_THAT(values, ElementsAre(0, 1, 2));
}

struct Sentence {
  std::string function;
  std::vector<std::string> facts;
};

// What the plugin's reference says of its functions, in the words that carry it.
const Sentence plugin_sentences[] = {
    {"send", {"Sends data over a connection"}},
    {"setCloseHandler",
     {"called once for every connection that was opened", "no longer send or receive messages"}},
    {"setFailHandler",
     {"called once for every attempt", "did not succeed",
      "either the open handler or the fail handler", "call the http handler instead"}},
    {"setHTTPHandler",
     {"don't ask for the WebSocket protocol", "error pages", "static files",
      "page and the JavaScript", "little traffic", "web server"}},
    {"setMessageHandler", {"called for every message received"}},
    {"setOpenHandler",
     {"called once for every WebSocket connection that opens",
      "either the open handler or the fail handler", "call the http handler instead"}},
    {"start", {"listens on a port", "accepts connections from then on"}},
    {"stop", {"Stops a server", "handle is invalid"}},
};

TEST(PluginReference, ItsSentences) {
  for (const Sentence& sentence : plugin_sentences) {
    const FunctionRow* row = find_function(sentence.function);
    ASSERT_NE(row, nullptr);
    for (const std::string& fact : sentence.facts) {
      EXPECT_THAT(std::string(row->doc), HasSubstr(fact)) << sentence.function;
    }
  }
}

TEST(FunctionTable, EveryFunctionIsThere) {
  for (const FunctionRow& row : functions()) EXPECT_NE(row.implementation, nullptr) << row.name;
}

TEST(FunctionTable, TheAdditionsFollow) {
  std::vector<std::string> names;
  for (const FunctionRow& row : functions().subspan(std::size(plugin_functions))) {
    names.emplace_back(row.name);
  }
  EXPECT_THAT(names,
              ElementsAre("close", "broadcast", "getConnections", "getConnectionInfo",
                          "getServerInfo", "run", "poll", "fileno", "setLogHandler", "connect",
                          "disconnect", "getClientInfo", "setUpgradeHandler", "subscribe",
                          "unsubscribe", "publish", "setTopic", "setDropHandler", "getTopics",
                          "serveFiles", "startRecording", "stopRecording"));
}

}  // namespace
}  // namespace simws::script
