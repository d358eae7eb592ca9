#include "script/http_answer.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

namespace simws::script {
namespace {

Result<HttpResponse> response(Value status, Value body = {}, Value headers = {}) {
  std::array<Value, max_callback_results> results = {std::move(status), std::move(body),
                                                     std::move(headers)};
  return make_response(results);
}

Value integer(std::int64_t number) {
  return {number};
}

Result<UpgradeAnswer> upgrade(Value status, Value body = {}, Value headers = {}) {
  std::array<Value, max_callback_results> results = {std::move(status), std::move(body),
                                                     std::move(headers)};
  return make_upgrade_answer(results);
}

TEST(UpgradeAnswer, Admits) {
  const auto answer = upgrade({true});
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->refusal);
  const auto with_headers = upgrade({true}, {}, {Map{{"X-Robot", data_value("R2")}}});
  ASSERT_TRUE(with_headers);
  EXPECT_FALSE(with_headers->refusal);
  EXPECT_EQ(with_headers->headers, (HeaderList{{"X-Robot", "R2"}}));
}

TEST(UpgradeAnswer, Refuses) {
  const auto answer = upgrade({false});
  ASSERT_TRUE(answer && answer->refusal);
  EXPECT_EQ(answer->refusal->status, 403);
  EXPECT_EQ(answer->refusal->body, "403 Forbidden\n");
  const auto full =
      upgrade(integer(503), data_value("full"), {Map{{"Retry-After", data_value("9")}}});
  ASSERT_TRUE(full && full->refusal);
  EXPECT_EQ(full->refusal->status, 503);
  EXPECT_EQ(full->refusal->body, "full");
  EXPECT_EQ(full->refusal->headers, (HeaderList{{"Retry-After", "9"}}));
  EXPECT_EQ(upgrade({400.0})->refusal->status, 400);
  EXPECT_EQ(upgrade({false}, data_value("go"))->refusal->body, "go");
}

TEST(UpgradeAnswer, NothingElseAdmits) {
  const std::pair<Value, std::string> nonsense[] = {
      {{}, "nil"},
      {integer(200), "int 200"},
      {integer(101), "int 101"},
      {integer(399), "int 399"},
      {integer(600), "int 600"},
      {integer(1), "int 1"},
      {{400.5}, "float 400.5"},
      {data_value("true"), "string 'true'"},
      {data_value(""), "string ''"},
      {{List{}}, "list"},
      {{Map{}}, "map"},
  };
  for (const auto& [status, described] : nonsense) {
    const auto answer = upgrade(status);
    ASSERT_FALSE(answer) << described;
    EXPECT_EQ(answer.error().message,
              "returned a wrong status: expected true, false or an int from 400 to 599, got " +
                  described);
  }
  EXPECT_FALSE(upgrade({true}, data_value("body")));
  EXPECT_FALSE(upgrade({true}, {Map{{"X-Robot", data_value("R2")}}}));
  EXPECT_FALSE(upgrade({true}, {}, data_value("x")));
  EXPECT_FALSE(upgrade({true}, {}, {Map{{"X-Robot", integer(5)}}}));
}

TEST(HttpAnswer, StatusBodyAndHeaders) {
  const auto answer =
      response(integer(201), data_value("made"), {Map{{"Content-Type", data_value("text/plain")}}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().status, 201);
  EXPECT_EQ(answer.value().body, "made");
  EXPECT_EQ(answer.value().headers, (HeaderList{{"Content-Type", "text/plain"}}));
}

TEST(HttpAnswer, AStatusAloneIsEnough) {
  const auto answer = response(integer(204));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().status, 204);
  EXPECT_EQ(answer.value().body, "");
  EXPECT_TRUE(answer.value().headers.empty());
}

TEST(HttpAnswer, NothingIsNotFound) {
  const auto answer = response({});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().status, 404);
  EXPECT_EQ(answer.value().body, "404 Not Found\n");
}

TEST(HttpAnswer, ANilStatusWithABodyIsNotFoundWithThatBody) {
  const auto answer = response({}, data_value("no such robot"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().status, 404);
  EXPECT_EQ(answer.value().body, "no such robot");
}

TEST(HttpAnswer, AWholeFloatIsAStatusAndAnEmptyTableIsNoHeaders) {
  const auto answer = response({200.0}, {std::string("ok")}, {List{}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().status, 200);
}

struct Nonsense {
  Value status;
  Value body;
  Value headers;
  std::string message;
};

TEST(HttpAnswer, NonsenseIsAnErrorThatSaysWhatIsWrong) {
  const std::string status =
      "returned a wrong status: expected an int from 200 to 599, or nil, got ";
  const Nonsense cases[] = {
      {data_value("200"), {}, {}, status + "string '200'"},
      {{200.5}, {}, {}, status + "float 200.5"},
      {{true}, {}, {}, status + "bool true"},
      {integer(0), {}, {}, status + "int 0"},
      {integer(199), {}, {}, status + "int 199"},
      {integer(600), {}, {}, status + "int 600"},
      {integer(std::int64_t{1} << 40), {}, {}, status + "int 1099511627776"},
      {integer(200), integer(5), {}, "returned a wrong body: expected a string, or nil, got int 5"},
      {integer(200), {Map{}}, {}, "returned a wrong body: expected a string, or nil, got map"},
      {integer(200),
       {},
       data_value("x"),
       "returned a wrong value for headers: expected a map of strings, or nil, got string 'x'"},
      {integer(200),
       {},
       {List{data_value("x")}},
       "returned a wrong value for headers: expected a map of strings, or nil, got list"},
      {integer(200),
       {},
       {Map{{"Age", integer(5)}}},
       "returned a wrong header 'Age': expected a string, got int 5"},
  };
  for (const Nonsense& nonsense : cases) {
    const auto answer = response(nonsense.status, nonsense.body, nonsense.headers);
    ASSERT_FALSE(answer) << nonsense.message;
    EXPECT_EQ(answer.error().message, nonsense.message);
  }
}

}  // namespace
}  // namespace simws::script
