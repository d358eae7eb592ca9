#include "script/arguments.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace simws::script {
namespace {

const FunctionRow& row(std::string_view name) {
  return *find_function(name);
}

// Why a call isn't allowed; empty: it is.
std::string error_of(std::string_view function, const std::vector<Value>& given) {
  std::vector<Value> values = given;
  values.resize(std::min(values.size(), row(function).parameters.size()));
  const auto checked = check_arguments(row(function), given.size(), values);
  return checked ? "" : checked.error().message;
}

Value text(const char* characters) {
  return data_value(characters);
}
Value integer(std::int64_t number) {
  return {number};
}
Value map(std::string key, Value value) {
  return {Map{{std::move(key), std::move(value)}}};
}

const Value s = text("simWS.Server:1");
const Value c = text("simWS.Connection:1:1");

TEST(Arguments, AreCounted) {
  EXPECT_EQ(error_of("stop", {}),
            "not enough arguments (0 given): simWS.stop(string serverHandle)");
  EXPECT_EQ(error_of("stop", {s, s}),
            "too many arguments (2 given): simWS.stop(string serverHandle)");
  EXPECT_EQ(error_of("send", {s, c, text("x")}), "");
  EXPECT_EQ(error_of("send", {s, c, text("x"), integer(1), {Map{}}}), "");
}

TEST(Arguments, NilStandsForAnOptionalOneOnly) {
  EXPECT_EQ(error_of("send", {s, c, text("x"), {}, {}}), "");
  EXPECT_EQ(error_of("send", {s, c, {}}), "argument 3 (data): expected string, got nil");
}

TEST(Arguments, HaveTheirTypes) {
  const std::string opcode = "argument 4 (opcode): expected int, got ";
  EXPECT_EQ(error_of("send", {s, c, text("x"), text("1")}), opcode + "string '1'");
  EXPECT_EQ(error_of("send", {s, c, text("x"), {true}}), opcode + "bool true");
  EXPECT_EQ(error_of("send", {s, c, text("x"), {Map{}}}), opcode + "map");
  EXPECT_EQ(error_of("send", {s, c, text("x"), {Function{}}}), opcode + "function");
  EXPECT_EQ(error_of("send", {s, c, text("x"), {Opaque{"userdata"}}}), opcode + "userdata");
  EXPECT_EQ(error_of("send", {s, c, integer(5)}), "argument 3 (data): expected string, got int 5");
  EXPECT_EQ(error_of("send", {integer(1), c, text("x")}),
            "argument 1 (serverOrClientHandle): expected string, got int 1");
}

TEST(Arguments, AWholeFloatIsAnInt) {
  EXPECT_EQ(error_of("start", {{9000.0}}), "");
  EXPECT_EQ(error_of("start", {{3.5}}), "argument 1 (listenPort): expected int, got float 3.5");
  for (const double number : {std::numeric_limits<double>::quiet_NaN(),
                              std::numeric_limits<double>::infinity(), -1e300, 1e19}) {
    EXPECT_NE(error_of("start", {{number}}), "") << number;
  }
}

TEST(Arguments, AnIntOfMoreThan64BitsIsOneOutOfRange) {
  const Value large{LargeInteger{"1000000000000000000000000000000"}};
  const Value negative{LargeInteger{"-1000000000000000000000000000000"}};
  EXPECT_EQ(error_of("start", {large}), "");
  EXPECT_EQ(error_of("poll", {large}), "");
  EXPECT_EQ(error_of("start", {integer(0), map("maxBodySize", negative)}),
            "option maxBodySize must be 0 to 2147483648, not int -1000000000000000000000000000000");
  const std::vector<Value> values = {large, negative};
  const Arguments arguments(values);
  EXPECT_EQ(arguments.integer(0, 0), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(arguments.integer(1, 0), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(arguments.number(0, 0), std::numeric_limits<double>::infinity());
  EXPECT_EQ(arguments.number(1, 0), -std::numeric_limits<double>::infinity());
}

TEST(Arguments, AHandlerIsAFunctionANameOrNil) {
  EXPECT_EQ(error_of("setOpenHandler", {s, {Function{1}}}), "");
  EXPECT_EQ(error_of("setOpenHandler", {s, text("app.onOpen")}), "");
  EXPECT_EQ(error_of("setOpenHandler", {s, text("")}), "");
  EXPECT_EQ(error_of("setOpenHandler", {s, {}}), "");
  EXPECT_NE(error_of("setOpenHandler", {s}), "");
  EXPECT_EQ(error_of("setOpenHandler", {s, integer(5)}),
            "argument 2 (callbackFn): expected a function or the name of one, got int 5");
}

TEST(Arguments, AnUnknownOptionIsAnErrorThatListsTheKnownOnes) {
  EXPECT_EQ(error_of("send", {s, c, text("x"), {}, map("final", {true})}),
            "unknown option 'final'; the options are fin, compress");
  const std::string error = error_of("start", {integer(0), map("maxMesageSize", integer(1))});
  for (const OptionRow& option : start_options()) {
    EXPECT_NE(error.find(option.name), std::string::npos) << option.name;
  }
}

TEST(Arguments, OptionsHaveTheirTypesAndRanges) {
  const auto error = [](const char* key, Value value) {
    return error_of("start", {integer(0), map(key, std::move(value))});
  };
  EXPECT_EQ(error("maxMessageSize", integer(1)), "");
  EXPECT_EQ(error("maxMessageSize", integer(0)),
            "option maxMessageSize must be 1 to 2147483648, not int 0");
  EXPECT_EQ(error("maxMessageSize", text("1")),
            "option maxMessageSize: expected int, got string '1'");
  EXPECT_EQ(error("pingInterval", integer(0)), "");
  EXPECT_EQ(error("pingInterval", {0.5}), "");
  EXPECT_EQ(error("pingInterval", {-0.5}),
            "option pingInterval must be 0 to 86400, not float -0.5");
  EXPECT_NE(error("pingInterval", {std::numeric_limits<double>::quiet_NaN()}), "");
  EXPECT_EQ(error("origins", text("*")), "");
  EXPECT_EQ(error("origins", {List{text("a"), text("b")}}), "");
  EXPECT_EQ(error("origins", {Map{}}), "");
  EXPECT_EQ(error("origins", {List{integer(1)}}),
            "option origins: expected a list of strings, got list with int 1");
  EXPECT_EQ(error("origins", {List{text("a"), {List{}}, integer(1)}}),
            "option origins: expected a list of strings, got list with list");
}

TEST(Arguments, AnOptionMayBeAWordOrAMap) {
  const auto error = [](Value value) {
    return error_of("start", {integer(0), map("tls", std::move(value))});
  };
  EXPECT_EQ(error(text("local")), "");
  EXPECT_EQ(error({}), "");
  EXPECT_EQ(error({Map{}}), "");
  EXPECT_EQ(error(map("minVersion", text("1.3"))), "");
  EXPECT_EQ(error(text("auto")), "option tls must be 'local' or a map, not string 'auto'");
  EXPECT_EQ(error({true}), "option tls: expected string or a map, got bool true");
  EXPECT_EQ(error(map("minVersion", text("1.1"))),
            "option tls.minVersion must be '1.2' or '1.3', not string '1.1'");
  EXPECT_EQ(
      error(map("key", text("x"))),
      "unknown option 'tls.key'; the options are certificate, privateKey, password, clientCA, "
      "minVersion");
}

TEST(Arguments, ErrorsDoNotShowPasswords) {
  EXPECT_EQ(error_of("start", {integer(0), map("tls", map("password", integer(12345)))}),
            "option tls.password: expected string, got something else");
}

TEST(Arguments, ErrorsDoNotShowTokens) {
  for (const Value& wrong : {integer(123456), data_value("s3cret", DataKind::binary),
                             Value{List{data_value("s3cret"), integer(5)}}, Value{}}) {
    EXPECT_EQ(error_of("start", {integer(0), map("token", wrong)}),
              "option token: expected a list of strings, got something else");
  }
}

TEST(Arguments, AnEmptyListOfTokensIsNoneThatWasMeant) {
  const std::string error =
      "option token: the list is empty, so nobody would be asked for one; leave the option out "
      "where that's meant";
  EXPECT_EQ(error_of("start", {integer(0), map("token", {List{}})}), error);
  EXPECT_EQ(error_of("start", {integer(0), map("token", {Map{}})}), error);
  EXPECT_EQ(error_of("start", {integer(0), map("origins", {List{}})}), "");
}

TEST(Arguments, ValuesInErrorsAreShortAndOnOneLine) {
  const std::string dangerous = "a'\n\x01\xff";
  EXPECT_EQ(error_of("start", {{data_value(dangerous)}}),
            "argument 1 (listenPort): expected int, got string 'a\\'\\x0a\\x01\\xff'");
  const std::string error = error_of("start", {{std::string(10000, 'x')}});
  EXPECT_LT(error.size(), 200u);
}

}  // namespace
}  // namespace simws::script
