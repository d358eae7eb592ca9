// Who may come to the inspector, and what of it is served.
#include "endpoint/inspector_pages.h"

#include "endpoint/built_in_file.h"
#include "endpoint/inspector_test_fixture.h"
#include "recording/gzip.h"

#include <simws/event_loop.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace simws::endpoint {
namespace {

using test::handshake;
using test::InspectorTest;
using testing::HasSubstr;

class InspectorPagesTest : public InspectorTest {
 protected:
  std::string get(std::string_view path, std::string_view fields = {},
                  std::string_view method = "GET") {
    const auto peer = connect();
    peer->send(std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" +
               std::string(fields) + "\r\n");
    return peer->take();
  }
};

std::string unzipped(std::string_view packed) {
  std::string text(1u << 20, '\0');
  Bytes rest = as_bytes(packed);
  const auto unpacker = recording::make_gzip_unpacker();
  std::size_t size = 0;
  while (const auto count = unpacker->unpack(rest, as_mutable_bytes(text).subspan(size))) {
    if (*count == 0) break;
    size += *count;
  }
  EXPECT_TRUE(unpacker->is_complete());
  text.resize(size);
  return text;
}

TEST_F(InspectorPagesTest, AllFilesAreServed) {
  start_inspected();
  for (const BuiltInFile& file : built_in_files()) {
    const std::string answer = get("/_simws/" + std::string(file.name));
    EXPECT_THAT(answer, HasSubstr("HTTP/1.1 200")) << file.name;
    EXPECT_THAT(answer, HasSubstr("Content-Type: " + std::string(file.content_type)));
    EXPECT_EQ(answer.substr(answer.size() - file.content.size()), file.content);
    EXPECT_THAT(answer, HasSubstr("Content-Security-Policy: default-src 'self'"));
    EXPECT_THAT(answer, HasSubstr("X-Frame-Options: DENY"));
    EXPECT_THAT(answer, HasSubstr("X-Content-Type-Options: nosniff"));
    const std::string known = "If-None-Match: \"" + std::string(file.version) + "\"\r\n";
    EXPECT_THAT(get("/_simws/" + std::string(file.name), known), HasSubstr("HTTP/1.1 304"));
  }
  EXPECT_EQ(take_events(), test::Words{});
}

TEST_F(InspectorPagesTest, WhoTakesItGetsThemCompressed) {
  start_inspected();
  for (const BuiltInFile& file : built_in_files()) {
    const std::string path = "/_simws/" + std::string(file.name);
    const std::string answer = get(path, "Accept-Encoding: gzip, br\r\n");
    ASSERT_FALSE(file.compressed.empty()) << file.name;
    EXPECT_LT(file.compressed.size(), file.content.size());
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Encoding: gzip\r\n")) << file.name;
    EXPECT_THAT(answer, HasSubstr("\r\nVary: Accept-Encoding\r\n"));
    EXPECT_THAT(answer, HasSubstr("Content-Security-Policy: default-src 'self'"));
    EXPECT_EQ(unzipped(answer.substr(answer.find("\r\n\r\n") + 4)), file.content);
    const std::string head = get(path, "Accept-Encoding: gzip\r\n", "HEAD");
    const std::string length = std::to_string(file.compressed.size());
    EXPECT_THAT(head, HasSubstr("\r\nContent-Length: " + length + "\r\n"));
    EXPECT_TRUE(head.ends_with("\r\n\r\n")) << head;
  }
}

TEST_F(InspectorPagesTest, TheFolderIsItsPage) {
  start_inspected();
  EXPECT_THAT(get("/_simws/"), HasSubstr("<title>simWS inspector</title>"));
  EXPECT_THAT(get("/_simws/?x=1"), HasSubstr("<title>simWS inspector</title>"));
  EXPECT_THAT(get("/_simws"), HasSubstr("Location: /_simws/\r\n"));
  EXPECT_THAT(get("/_simws/", {}, "HEAD"), Not(HasSubstr("<title>")));
  EXPECT_THAT(get("/_simws/", "Content-Length: 0\r\n", "POST"), HasSubstr("HTTP/1.1 405"));
  EXPECT_THAT(get("/_simws/../x"), Not(HasSubstr("HTTP/1.1 200")));
  EXPECT_THAT(get("/_simws/package.json"), HasSubstr("HTTP/1.1 404"));
  EXPECT_THAT(get("/_simws/live"),
              AllOf(HasSubstr("HTTP/1.1 426"), HasSubstr("\r\nUpgrade: websocket\r\n")));
  EXPECT_EQ(take_events(), test::Words{});
}

TEST_F(InspectorPagesTest, WithoutTheOptionThereIsNone) {
  start();
  get("/_simws/");
  EXPECT_EQ(take_events(), test::Words{"http GET /_simws/"});
  EXPECT_EQ(core->inspector(), nullptr);
  const auto peer = connect();
  EXPECT_EQ(attempt(*peer, own_page), "HTTP/1.1 101 Switching Protocols");
  EXPECT_EQ(take_events(), test::Words{"open"});
}

TEST_F(InspectorPagesTest, OnlyItsOwnPagesConnect) {
  ServerOptions options;
  options.origins = {"*", "http://listed.example", "null"};
  start_inspected(std::move(options));
  const std::string topics = "Sec-WebSocket-Protocol: simws.topics.1\r\n";
  for (const char* origin :
       {"https://localhost", "http://localhost:8080", "http://127.0.0.1", "http://[::1]",
        "http://listed.example", "null", "http://localhost.evil.com", "http://localhost:80.evil",
        "ws://localhost", "", "localhost", "http://a@localhost"}) {
    const auto peer = connect();
    EXPECT_EQ(attempt(*peer, "Origin: " + std::string(origin) + "\r\n" + topics),
              "HTTP/1.1 403 Forbidden")
        << origin;
  }
  EXPECT_EQ(attempt(*connect(), topics), "HTTP/1.1 403 Forbidden");
  const std::string own = "Origin: http://localhost\r\n";
  EXPECT_THAT(attempt(*connect(), own + own + topics), testing::StartsWith("HTTP/1.1 40"));
  EXPECT_EQ(attempt(*connect(), own), "HTTP/1.1 400 Bad Request");
  EXPECT_EQ(attempt(*connect(), own_page, "/_simws/other"), "HTTP/1.1 404 Not Found");
  EXPECT_EQ(attempt(*connect(), "Origin: http://localhost:80\r\n" + topics),
            "HTTP/1.1 101 Switching Protocols");
  // Of what isn't the inspector's own WebSocket the application hears.
  EXPECT_EQ(take_events(), (test::Words{"fail", "release"}));
  EXPECT_EQ(core->connections().size(), 0u);
}

TEST_F(InspectorPagesTest, ATokenIsAskedForAsEverywhere) {
  ServerOptions options;
  options.tokens = {"swordfish"};
  start_inspected(std::move(options));
  EXPECT_THAT(get("/_simws/"), HasSubstr("HTTP/1.1 401"));
  EXPECT_THAT(get("/_simws/inspector.js"), HasSubstr("HTTP/1.1 401"));
  EXPECT_THAT(get("/_simws/", "Authorization: Bearer swordfish\r\n"), HasSubstr("HTTP/1.1 200"));
  EXPECT_EQ(attempt(*connect(), own_page), "HTTP/1.1 401 Unauthorized");
  EXPECT_THAT(get("/_simws/?token=swordfish", "Accept: text/html\r\n"),
              HasSubstr("Location: /_simws/\r\n"));
  open_inspector("/_simws/live?token=swordfish");
}

TEST_F(InspectorPagesTest, SoManyPagesMayBeOpen) {
  start_inspected();
  std::vector<std::unique_ptr<Peer>> pages;
  for (std::size_t i = 0; i < Inspector::most_viewers; ++i) pages.push_back(open_inspector());
  EXPECT_EQ(attempt(*connect(), own_page), "HTTP/1.1 503 Service Unavailable");
  EXPECT_THAT(log.back(), HasSubstr("open in 8 pages already"));
  pages.back()->reset();
  loop->run_until_idle();
  open_inspector();
}

TEST_F(InspectorPagesTest, WhereOthersCanConnectItNeedsAToken) {
  EventLoop event_loop;
  const auto error_of = [&](const std::string& host, std::vector<std::string> tokens) {
    ServerOptions options;
    options.inspector = true;
    options.host = host;
    options.tokens = std::move(tokens);
    options.logger = [](LogLevel, std::string_view) {};
    const auto server = Server::listen(event_loop, 0, std::move(options), {});
    return server ? std::string() : server.error().message;
  };
  for (const char* host : {"*", "0.0.0.0", "::", "192.0.2.1", "robot.example"}) {
    EXPECT_THAT(error_of(host, {}), HasSubstr("inspector")) << host;
    EXPECT_THAT(error_of(host, {}), HasSubstr("token")) << host;
  }
  EXPECT_EQ(error_of("", {}), "");
  EXPECT_EQ(error_of("localhost", {}), "");
  EXPECT_EQ(error_of("127.0.0.1", {}), "");
  EXPECT_EQ(error_of("*", {"swordfish"}), "");
}

}  // namespace
}  // namespace simws::endpoint
