#include "endpoint/http_services.h"

#include "endpoint/server_test_fixture.h"
#include "protocol/http/request.h"
#include "protocol/http/response.h"

#include <string>
#include <utility>

namespace simws::endpoint {
namespace {

using protocol::Refused;

RequestHead head_of(std::string request) {
  protocol::http::RequestParser parser({});
  Bytes rest = as_bytes(request);
  EXPECT_EQ(parser.parse(rest), protocol::http::ParseStatus::head);
  return parser.head();
}

// Nobody answers later here.
class NoHost final : public LaterHost {
  void answer(HttpResponse) override {}
  void refuse(std::size_t) override {}
  void begin_body(HttpResponse, std::uint64_t) override {}
  void continue_body() override {}
  void break_off(std::string_view) override {}
  void give_up() noexcept override {}
  bool reserve(std::size_t) override { return false; }
  bool has_sent_all() const override { return false; }
  void log(LogLevel, std::string_view) override {}
};

// Has a say on its own path only, and notes that it was asked.
class PathService final : public HttpService {
 public:
  PathService(std::string path, std::vector<std::string>& asked)
      : path_(std::move(path)), asked_(asked) {}

  std::optional<Refused> refuse(const protocol::EntryRequest& request) override {
    asked_.push_back("refuse " + path_);
    if (request.head.resource() != path_ + "/secret") return std::nullopt;
    return Refused{protocol::http::plain_response(403, path_), "refused by " + path_};
  }
  std::optional<HttpResponse> answer(const HttpRequest& request) override {
    asked_.push_back("answer " + path_);
    if (request.resource != path_) return std::nullopt;
    return HttpResponse{200, "from " + path_, {}};
  }

 private:
  const std::string path_;
  std::vector<std::string>& asked_;
};

class HttpServicesTest : public testing::Test {
 protected:
  HttpServicesTest() {
    services.add(std::make_unique<PathService>("/a", asked));
    services.add(std::make_unique<PathService>("/b", asked));
  }
  std::optional<HttpResponse> answer(const std::string& path) {
    const RequestHead head = head_of("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    NoHost host;
    return services.answer({head.method(), head.resource(), {}, head}, host).now;
  }
  std::optional<Refused> refuse(const std::string& path) {
    return services.refuse(head_of("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  }

  std::vector<std::string> asked;
  HttpServices services;
};

TEST_F(HttpServicesTest, AsksOneAfterAnotherUntilOneAnswers) {
  EXPECT_EQ(answer("/a")->body, "from /a");
  EXPECT_EQ(std::exchange(asked, {}), (std::vector<std::string>{"answer /a"}));
  EXPECT_EQ(answer("/b")->body, "from /b");
  EXPECT_EQ(std::exchange(asked, {}), (std::vector<std::string>{"answer /a", "answer /b"}));
  EXPECT_FALSE(answer("/c")) << "the application's";
}

TEST_F(HttpServicesTest, AsksOneAfterAnotherUntilOneRefuses) {
  EXPECT_EQ(refuse("/a/secret")->reason, "refused by /a");
  EXPECT_EQ(std::exchange(asked, {}), (std::vector<std::string>{"refuse /a"}));
  EXPECT_EQ(refuse("/b/secret")->reason, "refused by /b");
  EXPECT_FALSE(refuse("/c"));
}

TEST_F(HttpServicesTest, NothingIsHereForAnybody) {
  services.add(make_nothing_here_service(true));
  EXPECT_EQ(answer("/b")->status, 200);
  EXPECT_EQ(answer("/c")->status, 404);
  EXPECT_FALSE(refuse("/c"));
}

TEST_F(HttpServicesTest, EntryIsJudgedByTheHeadAlone) {
  const protocol::EntryRules rules{{}, {}, "machine"};
  const auto entry = make_entry_service(rules);
  const auto refused = entry->refuse(head_of("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->response.status, 403);
  EXPECT_NE(refused->reason.find("hosts"), std::string::npos) << "says which option admits it";
  EXPECT_FALSE(entry->refuse(head_of("GET / HTTP/1.1\r\nHost: machine\r\n\r\n")));
}

using HttpServicesOfAServer = test::ServerTest;

TEST_F(HttpServicesOfAServer, AnswerWhereTheApplicationHasNoHandler) {
  ServerOptions options;
  options.logger = [](LogLevel, std::string_view) {};
  core = std::make_unique<ServerCore>(*turn_end, options, ServerHandlers{});
  ASSERT_TRUE(core->listen(test::test_port));
  auto peer = connect();
  const std::string rest = " / HTTP/1.1\r\nHost: localhost\r\n";
  peer->send("GET" + rest + "\r\n" + "HEAD" + rest + "\r\n" + "POST" + rest +
             "Content-Length: 4\r\n\r\nbody");
  const std::string answers = peer->take();
  std::size_t count = 0;
  for (std::size_t at = answers.find("HTTP/1.1 404"); at != std::string::npos;
       at = answers.find("HTTP/1.1 404", at + 1)) {
    ++count;
  }
  EXPECT_EQ(count, 3u);
}

TEST_F(HttpServicesOfAServer, HaveThePagesClientWhereThereAreTopics) {
  for (const bool has_topics : {false, true}) {
    ServerOptions options;
    options.logger = [](LogLevel, std::string_view) {};
    if (has_topics) options.topics = {"#"};
    core = std::make_unique<ServerCore>(*turn_end, options, ServerHandlers{});
    ASSERT_TRUE(core->listen(test::test_port));
    auto peer = connect();
    peer->send("GET /simws.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const std::string expected = has_topics ? "HTTP/1.1 200 " : "HTTP/1.1 404 ";
    EXPECT_EQ(peer->take().substr(0, expected.size()), expected);
  }
}

}  // namespace
}  // namespace simws::endpoint
