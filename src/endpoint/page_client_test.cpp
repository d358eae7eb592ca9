#include "endpoint/page_client.h"

#include "protocol/http/request.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

namespace simws::endpoint {
namespace {

std::optional<HttpResponse> answer(const std::string& request, const std::string& fields = "") {
  const std::string text = request + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
  protocol::http::RequestParser parser({});
  Bytes rest = as_bytes(text);
  EXPECT_EQ(parser.parse(rest), protocol::http::ParseStatus::head);
  const RequestHead& head = parser.head();
  return make_page_client_service()->answer({head.method(), head.resource(), {}, head});
}

std::string field(const HttpResponse& response, std::string_view name) {
  const auto found = std::find_if(response.headers.begin(), response.headers.end(),
                                  [name](const auto& header) { return header.first == name; });
  return found == response.headers.end() ? "" : found->second;
}

TEST(PageClient, IsTheModule) {
  for (const char* request : {"GET /simws.js", "HEAD /simws.js", "GET /simws.js?v=1"}) {
    const auto response = answer(request);
    ASSERT_TRUE(response) << request;
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, page_client_script);
    EXPECT_EQ(field(*response, "Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(field(*response, "Cache-Control"), "no-cache");
    EXPECT_EQ(field(*response, "ETag"), page_client_etag);
  }
  EXPECT_NE(page_client_script.find("simws.topics.1"), std::string_view::npos);
}

TEST(PageClient, IsTheFileOfThePackageByteForByte) {
  std::ifstream file(SIMWS_PAGE_CLIENT, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(content, page_client_script);
}

TEST(PageClient, IsNotSentToWhoHasIt) {
  const std::string etag(page_client_etag);
  for (const std::string& known : {etag, "W/" + etag, "\"other\", " + etag, std::string("*")}) {
    const auto response = answer("GET /simws.js", "If-None-Match: " + known + "\r\n");
    ASSERT_TRUE(response) << known;
    EXPECT_EQ(response->status, 304);
    EXPECT_EQ(response->body, "");
    EXPECT_EQ(field(*response, "ETag"), etag);
  }
  for (const char* known : {"\"other\"", "", "other", "\"\""}) {
    const auto response = answer("GET /simws.js", std::string("If-None-Match: ") + known + "\r\n");
    ASSERT_TRUE(response) << known;
    EXPECT_EQ(response->status, 200);
  }
}

TEST(PageClient, LeavesEverythingElseToOthers) {
  for (const char* request : {"GET /", "GET /simws.js/", "GET /simws.jsx", "GET //simws.js",
                              "GET /SIMWS.JS", "POST /simws.js", "DELETE /simws.js"}) {
    EXPECT_FALSE(answer(request)) << request;
  }
}

}  // namespace
}  // namespace simws::endpoint
