#include "protocol/http/response.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace simws::protocol::http {
namespace {

using namespace std::string_view_literals;

std::string encode(const HttpResponse& response, const ResponseContext& context = {}) {
  auto encoded = encode_response(response, context);
  EXPECT_TRUE(encoded.ok());
  return encoded.ok() ? encoded->head + encoded->body : std::string();
}

TEST(Response, IsStatusLineFieldsAndBody) {
  EXPECT_EQ(encode({200, "hi", {{"X-A", "b"}}}, {.resource = "/a.txt"}),
            "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Length: 2\r\nServer: simWS\r\n\r\nhi");
  EXPECT_EQ(encode({404, "", {}}),
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nServer: simWS\r\n\r\n");
  EXPECT_EQ(encode({404, "", {}}, {.now = 784111777}),
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: simWS\r\n\r\n");
  EXPECT_EQ(encode({299, "", {}}, {.server_name = ""}),
            "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n");
}

TEST(Response, SaysWhetherTheConnectionStays) {
  const HttpResponse empty{200, "", {}};
  const std::string start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
  const auto of = [&](bool keep_alive, int minor_version) {
    return encode(empty,
                  {.server_name = "", .keep_alive = keep_alive, .minor_version = minor_version});
  };
  EXPECT_EQ(of(true, 1), start + "\r\n");
  EXPECT_EQ(of(false, 1), start + "Connection: close\r\n\r\n");
  EXPECT_EQ(of(true, 0), start + "Connection: keep-alive\r\n\r\n");
  EXPECT_EQ(of(false, 0), start + "Connection: close\r\n\r\n");
}

TEST(Response, NamesUpgradeInConnectionToo) {
  const HttpResponse upgrade{426, "", {{"Upgrade", "websocket"}}};
  EXPECT_NE(encode(upgrade).find("\r\nConnection: Upgrade\r\n"), std::string::npos);
  EXPECT_NE(encode(upgrade, {.keep_alive = false}).find("\r\nConnection: Upgrade, close\r\n"),
            std::string::npos);
}

TEST(Response, ToHeadHasTheFieldsOnly) {
  const HttpResponse response{200, "body", {}};
  const std::string get = encode(response);
  EXPECT_EQ(encode(response, {.method = "HEAD"}), get.substr(0, get.size() - 4));
}

TEST(Response, WithoutContentHasNoBody) {
  for (const int status : {204, 304}) {
    const std::string encoded = encode({status, "body", {}}, {.resource = "/a.txt"});
    EXPECT_TRUE(encoded.ends_with("\r\n\r\n"));
    EXPECT_EQ(encoded.find("Content-"), std::string::npos);
  }
  const std::string reset = encode({205, "body", {}});
  EXPECT_TRUE(reset.ends_with("\r\n\r\n"));
  EXPECT_NE(reset.find("Content-Length: 0\r\n"), std::string::npos);
}

TEST(Response, LeavesOutWhatIsTheServersOwn) {
  const HeaderList headers = {
      {"content-length", "99"},         {"Connection", "upgrade"},   {"SERVER", "x"},
      {"Transfer-Encoding", "chunked"}, {"Keep-Alive", "timeout=5"}, {"Date", "now"},
      {"Content-Type", "x/y"}};
  EXPECT_EQ(encode({200, "hi", headers}),
            "HTTP/1.1 200 OK\r\nContent-Type: x/y\r\nContent-Length: 2\r\nServer: simWS\r\n\r\nhi");
}

TEST(Response, TakesTheApplicationsContentTypeWhateverItsCase) {
  const std::string encoded =
      encode({200, "hi", {{"content-type", "x/y"}}}, {.resource = "/a.html"});
  EXPECT_EQ(encoded.find("text/html"), std::string::npos);
}

TEST(Response, RefusesStatusesThatAreNotTheApplicationsToSend) {
  for (const int status : {-1, 0, 99, 100, 101, 199, 600, 1000}) {
    const auto encoded = encode_response({status, "", {}}, {});
    ASSERT_FALSE(encoded.ok()) << status;
    EXPECT_EQ(encoded.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(encoded.error().message.find(std::to_string(status)), std::string::npos);
  }
}

TEST(Response, RefusesFieldsThatCannotBeSent) {
  for (const std::string_view name :
       {""sv, "A B"sv, "A:"sv, "A\r\nB"sv, "A\0"sv, "\xc3\xa4"sv, "(a)"sv}) {
    EXPECT_FALSE(encode_response({200, "", {{std::string(name), "x"}}}, {}).ok()) << name;
  }
  for (const std::string_view value : {"a\r\nb"sv, "\r"sv, "\n"sv, "a\0b"sv, "\x01"sv, "\x7f"sv}) {
    EXPECT_FALSE(encode_response({200, "", {{"X", std::string(value)}}}, {}).ok());
    EXPECT_FALSE(encode_response({200, "", {{"Connection", std::string(value)}}}, {}).ok());
  }
  EXPECT_TRUE(encode_response({200, "", {{"X", "a\tb \xc3\xa4"}}}, {}).ok());
}

TEST(Response, PlainOneIsReadable) {
  const HttpResponse response = plain_response(403, "not you");
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.body, "403 Forbidden: not you\n");
  EXPECT_EQ(plain_response(404, "").body, "404 Not Found\n");
  EXPECT_NE(encode(response, {.resource = "/x.html"}).find("text/plain; charset=utf-8"),
            std::string::npos);
}

TEST(ReasonPhrase, IsEmptyForUnknownStatuses) {
  EXPECT_EQ(reason_phrase(431), "Request Header Fields Too Large");
  EXPECT_EQ(reason_phrase(299), "");
}

TEST(ContentType, ComesFromTheExtension) {
  EXPECT_EQ(content_type_of("/"), "text/html; charset=utf-8");
  EXPECT_EQ(content_type_of("/docs/?x=a.png"), "text/html; charset=utf-8");
  EXPECT_EQ(content_type_of("/index.html?v=1.2"), "text/html; charset=utf-8");
  EXPECT_EQ(content_type_of("/A.JS"), "text/javascript; charset=utf-8");
  EXPECT_EQ(content_type_of("/a.mjs"), "text/javascript; charset=utf-8");
  EXPECT_EQ(content_type_of("/a.css"), "text/css; charset=utf-8");
  EXPECT_EQ(content_type_of("/a.json"), "application/json");
  EXPECT_EQ(content_type_of("/a.b.svg"), "image/svg+xml");
  EXPECT_EQ(content_type_of("/robot.urdf"), "text/xml; charset=utf-8");
  EXPECT_EQ(content_type_of("/a.wasm"), "application/wasm");
  for (const char* page : {"/a", "/a.png/b", "/png", "/a?b.png", "*", ""}) {
    EXPECT_EQ(content_type_of(page), "text/html; charset=utf-8") << page;
  }
  for (const char* other : {"/a.unknown", "/a.", "/.", "/a.tar.unknown?x"}) {
    EXPECT_EQ(content_type_of(other), "application/octet-stream") << other;
  }
}

}  // namespace
}  // namespace simws::protocol::http
