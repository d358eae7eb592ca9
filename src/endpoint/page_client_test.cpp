#include "endpoint/page_client.h"

#include "endpoint/built_in_file.h"
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
    EXPECT_EQ(response->body, page_client().content);
    EXPECT_EQ(field(*response, "Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(field(*response, "Cache-Control"), "no-cache");
    EXPECT_EQ(field(*response, "Vary"), "Accept-Encoding");
    EXPECT_EQ(field(*response, "Content-Encoding"), "");
  }
  EXPECT_NE(page_client().content.find("simws.topics.1"), std::string_view::npos);
}

TEST(PageClient, IsTheFileOfThePackageByteForByte) {
  std::ifstream file(SIMWS_PAGE_CLIENT, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(content, page_client().content);
}

TEST(PageClient, IsNotSentToWhoHasIt) {
  const std::string etag = field(*answer("GET /simws.js"), "ETag");
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

TEST(PageClient, ComesCompressedToWhoTakesIt) {
  const std::string plain = field(*answer("GET /simws.js"), "ETag");
  for (const char* takes : {"gzip", "gzip, deflate, br", "*", "br, gzip;q=0.5, identity;q=0.1"}) {
    const std::string asks = "Accept-Encoding: " + std::string(takes) + "\r\n";
    const auto response = answer("GET /simws.js", asks);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, page_client().compressed) << takes;
    EXPECT_EQ(field(*response, "Content-Encoding"), "gzip");
    EXPECT_EQ(field(*response, "Vary"), "Accept-Encoding");
    EXPECT_EQ(field(*response, "Content-Type"), "text/javascript; charset=utf-8");
    const std::string etag = field(*response, "ETag");
    EXPECT_NE(etag, plain) << "other bytes have another tag";
    const auto known = answer("GET /simws.js", asks + "If-None-Match: " + etag + "\r\n");
    EXPECT_EQ(known->status, 304);
    EXPECT_EQ(field(*known, "ETag") + field(*known, "Vary"), etag + "Accept-Encoding");
    EXPECT_EQ(answer("GET /simws.js", asks + "If-None-Match: " + plain + "\r\n")->status, 200);
    EXPECT_EQ(answer("GET /simws.js", "If-None-Match: " + etag + "\r\n")->status, 200);
  }
}

TEST(PageClient, ComesAsItIsToWhoDoesntTakeThat) {
  for (const char* takes :
       {"", "br", "identity", "gzip;q=0", "*;q=0", "gzip;q=0, *", "identity, gzip;q=0.5"}) {
    const auto response =
        answer("GET /simws.js", "Accept-Encoding: " + std::string(takes) + "\r\n");
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, page_client().content) << takes;
    EXPECT_EQ(field(*response, "Content-Encoding"), "");
    EXPECT_EQ(field(*response, "Vary"), "Accept-Encoding");
  }
}

TEST(PageClient, ComesInPartsOfWhatIsSent) {
  const auto part_of = [](std::string_view whole, const std::string& fields) {
    const auto part = answer("GET /simws.js", fields + "Range: bytes=2-5\r\n");
    EXPECT_EQ(part->status, 206);
    EXPECT_EQ(field(*part, "Content-Range"), "bytes 2-5/" + std::to_string(whole.size()));
    EXPECT_EQ(part->body, whole.substr(2, 4));
  };
  part_of(page_client().content, "");
  part_of(page_client().compressed, "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(answer("GET /simws.js", "Range: bytes=999999-\r\n")->status, 416);
  const std::string plain = field(*answer("GET /simws.js"), "ETag");
  const std::string other = "Accept-Encoding: gzip\r\nIf-Range: " + plain + "\r\n";
  EXPECT_EQ(answer("GET /simws.js", other + "Range: bytes=2-5\r\n")->status, 200)
      << "parts of different codings don't fit together";
}

TEST(PageClient, LeavesEverythingElseToOthers) {
  for (const char* request : {"GET /", "GET /simws.js/", "GET /simws.jsx", "GET //simws.js",
                              "GET /SIMWS.JS", "POST /simws.js", "DELETE /simws.js"}) {
    EXPECT_FALSE(answer(request)) << request;
  }
}

}  // namespace
}  // namespace simws::endpoint
