#include "script/endpoint_options.h"

#include "script/arguments.h"
#include "script/function_table.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace simws::script {
namespace {

class SettingsOnly final : public Engine {
 public:
  Result<KeptFunction> keep(Function) override { return KeptFunction{}; }
  void release(Function) override {}
  std::optional<std::size_t> find(const Callback&) override { return std::nullopt; }
  Result<void> call(std::span<const Value>, std::span<Value>) override { return {}; }
  std::optional<std::string> named_parameter(std::string_view name) override {
    const auto found = parameters.find(std::string(name));
    if (found == parameters.end()) return std::nullopt;
    return found->second;
  }
  void begin_waiting(Api&) override {}
  bool is_interrupted() override { return false; }
  void end_waiting(bool) override {}

  std::map<std::string, std::string> parameters;
};

TEST(ServerOptions, TheDefaultsInTheTableAreThoseOfTheServer) {
  SettingsOnly stated;
  for (const OptionRow& row : start_options()) {
    std::string text(row.default_value);
    if (text == "''" || text == "{}" || text == "nil") text.clear();
    stated.parameters["simWS." + std::string(row.name)] = text;
  }
  const auto made = make_server_options(stated, {});
  ASSERT_TRUE(made) << made.error().message;
  const ServerOptions real;
  const ServerOptions& table = *made;
  EXPECT_EQ(table.host, real.host);
  EXPECT_EQ(table.origins, real.origins);
  EXPECT_EQ(table.hosts, real.hosts);
  EXPECT_EQ(table.cors_origins, real.cors_origins);
  EXPECT_EQ(table.tokens, real.tokens);
  EXPECT_EQ(table.trusted_proxies, real.trusted_proxies);
  EXPECT_EQ(table.forwarded, real.forwarded);
  EXPECT_EQ(table.trust_forwarded_host, real.trust_forwarded_host);
  EXPECT_EQ(table.max_handshakes_per_second, real.max_handshakes_per_second);
  EXPECT_EQ(table.subprotocols, real.subprotocols);
  EXPECT_EQ(table.max_message_size, real.max_message_size);
  EXPECT_EQ(table.max_connections, real.max_connections);
  EXPECT_EQ(table.max_connections_per_address, real.max_connections_per_address);
  EXPECT_EQ(table.max_header_size, real.max_header_size);
  EXPECT_EQ(table.max_body_size, real.max_body_size);
  EXPECT_EQ(table.handshake_timeout, real.handshake_timeout);
  EXPECT_EQ(table.keep_alive_timeout, real.keep_alive_timeout);
  EXPECT_EQ(table.close_timeout, real.close_timeout);
  EXPECT_EQ(table.ping_interval, real.ping_interval);
  EXPECT_EQ(table.ping_timeout, real.ping_timeout);
  EXPECT_EQ(table.max_queued_bytes, real.max_queued_bytes);
  EXPECT_EQ(table.max_pending_bytes, real.max_pending_bytes);
}

TEST(ServerOptions, EveryOptionSetsAMemberOfItsOwn) {
  for (const OptionRow& row : start_options()) {
    for (const OptionRow& other : start_options()) {
      EXPECT_EQ(row.target == other.target, row.name == other.name) << row.name << other.name;
    }
  }
}

TEST(ServerOptions, ATokenIsOneOrAList) {
  SettingsOnly engine;
  const auto tokens = [&](Value value) {
    return make_server_options(engine, {Map{{"token", std::move(value)}}})->tokens;
  };
  EXPECT_EQ(tokens({std::string("a,b")}), std::vector<std::string>{"a,b"});
  EXPECT_EQ(tokens({List{{std::string("a")}, {std::string("b")}}}),
            (std::vector<std::string>{"a", "b"}));
  engine.parameters = {{"simWS.token", "c, d"}};
  EXPECT_EQ(make_server_options(engine, {})->tokens, (std::vector<std::string>{"c", "d"}));
}

TEST(ServerOptions, ArgumentsComeBeforeNamedParametersAndTheseBeforeDefaults) {
  SettingsOnly engine;
  engine.parameters = {{"simWS.maxConnections", "5"},
                       {"simWS.pingInterval", "1.5"},
                       {"simWS.origins", "https://a.example, null,"},
                       {"simWS.hosts", ""}};
  const Value options{Map{{"maxConnections", {std::int64_t{7}}}, {"host", {std::string("*")}}}};
  const auto made = make_server_options(engine, options);
  ASSERT_TRUE(made);
  EXPECT_EQ(made.value().max_connections, 7u);
  EXPECT_EQ(made.value().host, "*");
  EXPECT_EQ(made.value().ping_interval, Seconds{1.5});
  EXPECT_EQ(made.value().origins, (std::vector<std::string>{"https://a.example", "null"}));
  EXPECT_TRUE(made.value().hosts.empty());
  EXPECT_EQ(made.value().max_body_size, ServerOptions{}.max_body_size);
}

TEST(ServerOptions, TlsIsAWordOrFiles) {
  SettingsOnly engine;
  EXPECT_FALSE(make_server_options(engine, {})->tls);
  const auto word = make_server_options(engine, {Map{{"tls", {std::string("local")}}}});
  ASSERT_TRUE(word->tls);
  EXPECT_TRUE(word->tls->local);
  const Map files{{"certificate", {std::string("cert.pem")}},
                  {"clientCA", {std::string("ca.pem")}},
                  {"minVersion", {std::string("1.3")}}};
  const auto made = make_server_options(engine, {Map{{"tls", {files}}}});
  ServerTls expected;
  expected.certificate = "cert.pem";
  expected.client_ca = "ca.pem";
  expected.min_version = TlsVersion::tls_1_3;
  EXPECT_EQ(made->tls, expected);
  engine.parameters = {{"simWS.tls", "local"}};
  EXPECT_TRUE(make_server_options(engine, {})->tls->local);
}

TEST(ClientOptions, TlsIsFilesAndWhatIsChecked) {
  SettingsOnly engine;
  EXPECT_EQ(make_client_options(engine, {})->tls, ClientTls());
  const Map given{
      {"ca", {std::string("ca.pem")}},          {"verify", {false}},
      {"serverName", {std::string("arm")}},     {"certificate", {std::string("own.pem")}},
      {"privateKey", {std::string("key.pem")}}, {"password", {std::string("word")}}};
  const auto made = make_client_options(engine, {Map{{"tls", {given}}}});
  EXPECT_EQ(made->tls, (ClientTls{"ca.pem", false, "arm", "own.pem", "key.pem", "word"}));
}

TEST(ServerOptions, ABadNamedParameterIsAnErrorThatNamesIt) {
  SettingsOnly engine;
  engine.parameters = {{"simWS.maxConnections", "many"}};
  const auto text = make_server_options(engine, {});
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().message,
            "named parameter simWS.maxConnections: expected int, got string 'many'");
  engine.parameters = {{"simWS.maxConnections", "0"}};
  const auto range = make_server_options(engine, {});
  ASSERT_FALSE(range);
  EXPECT_EQ(range.error().message,
            "named parameter simWS.maxConnections must be 1 to 1000000, not int 0");
}

TEST(ServerOptions, CompressionIsASwitchOrAMap) {
  SettingsOnly engine;
  const auto made = [&](const Value& value) {
    return make_server_options(engine, Value{Map{{"compression", value}}}).value().compression;
  };
  EXPECT_EQ(made({false}), std::nullopt);
  EXPECT_EQ(made({true}), Compression{});
  const Value map{Map{{"threshold", {std::int64_t{10}}},
                      {"level", {std::int64_t{9}}},
                      {"memory", {std::int64_t{2}}},
                      {"serverContextTakeover", {true}},
                      {"clientContextTakeover", {true}},
                      {"serverWindowBits", {std::int64_t{9}}},
                      {"clientWindowBits", {std::int64_t{10}}}}};
  const Compression all{10, 9, 2, true, true, 9, 10};
  EXPECT_EQ(made(map), all);
  const Value options{Map{{"compression", map}}};
  EXPECT_EQ(make_client_options(engine, options).value().compression, all);
  engine.parameters = {{"simWS.compression", "true"}};
  EXPECT_EQ(make_server_options(engine, {}).value().compression, Compression{});
  engine.parameters = {{"simWS.compression", "yes"}};
  EXPECT_FALSE(make_server_options(engine, {}));
}

Value stated_default(const OptionRow& row) {
  const std::string text(row.default_value);
  if (row.type == Type::boolean) return {text == "true"};
  return {std::int64_t{std::stoll(text)}};
}

TEST(ServerOptions, TheDefaultsOfCompressionAreInTheTable) {
  SettingsOnly engine;
  Map map;
  for (const OptionRow& row : compression_options()) {
    MapEntry& entry = map.emplace_back();
    entry.key = row.name;
    entry.value = stated_default(row);
  }
  const Value options{Map{{"compression", {map}}}};
  EXPECT_EQ(make_server_options(engine, options).value().compression, Compression{});
}

TEST(ServerOptions, ThePassBudgetIsANamedParameter) {
  SettingsOnly engine;
  EXPECT_EQ(*pass_budget(engine), Seconds{0.005});
  engine.parameters = {{"simWS.passBudget", "0.02"}};
  EXPECT_EQ(*pass_budget(engine), Seconds{0.02});
  for (const char* const bad : {"-1", "nan", "1e9", "5ms", "x"}) {
    engine.parameters = {{"simWS.passBudget", bad}};
    EXPECT_FALSE(pass_budget(engine)) << bad;
  }
}

TEST(ServerOptions, TheServerHeaderIsANamedParameter) {
  SettingsOnly engine;
  engine.parameters = {{"simWS.userAgent", "Robot/1"}};
  EXPECT_EQ(make_server_options(engine, {}).value().server_name, "Robot/1");
  engine.parameters = {{"simWS.userAgent", "x\r\nSet-Cookie: a=b"}};
  const auto made = make_server_options(engine, {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(made.error().message,
            "named parameter simWS.userAgent 'x\\x0d\\x0aSet-Cookie: a=b' can't be sent: leave out "
            "control characters such as line ends");
}

}  // namespace
}  // namespace simws::script
