#include "protocol/http/info_page.h"

#include "protocol/http/request.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::protocol::http {
namespace {

std::optional<HttpResponse> page_for(std::string_view line, std::string_view accept) {
  const std::string request = std::string(line) +
                              " HTTP/1.1\r\nHost: localhost\r\nAccept: " + std::string(accept) +
                              "\r\n\r\n";
  RequestParser parser({});
  Bytes rest = as_bytes(request);
  EXPECT_EQ(parser.parse(rest), ParseStatus::head);
  return info_page(parser.head());
}

TEST(InfoPage, IsForBrowsersThatOpenTheServer) {
  constexpr std::string_view browsers =
      "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
  const auto page = page_for("GET /", browsers);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  EXPECT_EQ(page->headers, (HeaderList{{"Content-Type", "text/html; charset=utf-8"}}));
  EXPECT_NE(page->body.find("new WebSocket("), std::string::npos);
  EXPECT_TRUE(page_for("GET /?x=1", browsers));
  EXPECT_TRUE(page_for("HEAD /", browsers));
  EXPECT_TRUE(page_for("GET /", "TEXT/HTML ; q=0.5"));
}

TEST(InfoPage, IsForNothingElse) {
  EXPECT_FALSE(page_for("GET /", "*/*")) << "curl";
  EXPECT_FALSE(page_for("GET /", ""));
  EXPECT_FALSE(page_for("GET /", "text/html2, image/png"));
  EXPECT_FALSE(page_for("GET /index.html", "text/html"));
  EXPECT_FALSE(page_for("POST /", "text/html"));
}

}  // namespace
}  // namespace simws::protocol::http
