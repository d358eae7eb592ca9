// What requests for files are answered with.
#include "endpoint/file_test_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <memory>

#include <string>
#include <utility>
#include <vector>

namespace simws::endpoint {
namespace {

using test::Answer;
using test::request;
using test::Words;

class Files : public test::WithFiles<test::ServerTest> {
 protected:
  Files() {
    put("index.html", "<p>hi");
    put("app.js", "let a;");
    put("LICENSE", "mine");
    put("sub/index.html", "sub");
    put("sub/a b.txt", "spaced");
    put("empty/keep", "");
    put(".env", "secret");
    files.put("secret.txt", "secret");
  }
  void start(ServerOptions options = {}) {
    ServerTest::start(std::move(options));
    on_http = [](Connection& connection, const HttpRequest&) {
      (void)connection.respond({200, "handler", {}});
    };
  }
};

TEST_F(Files, ComeWithTheirTypes) {
  start();
  serve();
  const std::vector<std::array<std::string, 3>> cases{
      {"/", "<p>hi", "text/html; charset=utf-8"},
      {"/index.html?x=/../", "<p>hi", "text/html; charset=utf-8"},
      {"/app.js", "let a;", "text/javascript; charset=utf-8"},
      {"/LICENSE", "mine", "text/plain; charset=utf-8"},
      {"/sub/", "sub", "text/html; charset=utf-8"},
      {"/sub/a%20b.txt", "spaced", "text/plain; charset=utf-8"},
      {"http://localhost/app.js", "let a;", "text/javascript; charset=utf-8"}};
  for (const auto& [target, body, type] : cases) {
    const Answer answer = get(target);
    EXPECT_EQ(answer.status, 200) << target;
    EXPECT_EQ(answer.body, body) << target;
    EXPECT_EQ(answer.field("Content-Type"), type) << target;
    EXPECT_EQ(answer.field("Content-Length"), std::to_string(body.size())) << target;
    EXPECT_EQ(answer.field("Cache-Control"), "no-cache");
  }
  EXPECT_NE(get("/").field("X-Frame-Options"), "") << "pages are kept from strangers' frames";
  EXPECT_TRUE(events.empty()) << "the application hears nothing of it";
}

TEST_F(Files, ComeOneAfterAnotherOverOneConnection) {
  start();
  serve();
  const std::string answers = ask(
      request("/app.js") + request("/app.js", "", "HEAD") + request("/nothing") +
      request("/empty/keep") + request("/LICENSE", "Connection: close\r\n") + request("/app.js"));
  const Answer first = test::parse_answer(answers);
  ASSERT_EQ(first.body.substr(0, 6), "let a;");
  const Answer head = test::parse_answer(first.body.substr(6));
  EXPECT_EQ(head.field("Content-Length"), "6");
  const Answer missing = test::parse_answer(head.body);
  EXPECT_EQ(missing.status, 404);
  const Answer empty = test::parse_answer(missing.body.substr(missing.body.find("HTTP/1.1")));
  EXPECT_EQ(empty.field("Content-Length"), "0");
  const Answer last = test::parse_answer(empty.body);
  EXPECT_EQ(last.body, "mine") << "nothing follows Connection: close";
}

TEST_F(Files, AreNotSentToWhoHasThem) {
  start();
  serve();
  const Answer whole = get("/app.js");
  const std::string has = "If-None-Match: " + whole.field("ETag") + "\r\n";
  const Answer fresh = get("/app.js", has);
  EXPECT_EQ(fresh.status, 304);
  EXPECT_EQ(fresh.body, "");
  EXPECT_EQ(fresh.field("ETag"), whole.field("ETag"));
  EXPECT_EQ(fresh.field("Content-Length"), "");
  put("app.js", "let b;");
  EXPECT_EQ(get("/app.js", has).body, "let b;");
  EXPECT_EQ(get("/app.js", "If-Match: \"a\"\r\n").status, 412);
}

TEST_F(Files, ComeInParts) {
  start();
  serve();
  const Answer part = get("/app.js", "Range: bytes=4-9\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "a;");
  EXPECT_EQ(part.field("Content-Range"), "bytes 4-5/6");
  EXPECT_EQ(part.field("Content-Length"), "2");
  const Answer behind = get("/app.js", "Range: bytes=6-\r\n");
  EXPECT_EQ(behind.status, 416);
  EXPECT_EQ(behind.field("Content-Range"), "bytes */6");
}

TEST_F(Files, ComeAsTheClientTakesThemSmallest) {
  put("app.js.gz", "zipped");
  put("app.js.br", "br");
  put("old.txt.gz", "old");
  put("old.txt", "new");
  const auto past = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  std::filesystem::last_write_time(files.path("www/old.txt.gz"), past);
  start();
  serve();
  const Answer plain = get("/app.js"), zipped = get("/app.js", "Accept-Encoding: gzip\r\n"),
               smallest = get("/app.js", "Accept-Encoding: gzip, br\r\n");
  EXPECT_EQ(plain.body + zipped.body + smallest.body, "let a;zippedbr");
  EXPECT_EQ(zipped.field("Content-Encoding") + smallest.field("Content-Encoding"), "gzipbr");
  for (const Answer& each : {plain, zipped, smallest}) {
    EXPECT_EQ(each.field("Vary"), "Accept-Encoding");
    EXPECT_EQ(each.field("Content-Type"), "text/javascript; charset=utf-8");
  }
  EXPECT_NE(plain.field("ETag"), zipped.field("ETag"));
  const Answer itself = get("/app.js.gz", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(itself.field("Content-Encoding"), "");
  EXPECT_EQ(itself.field("Content-Type"), "application/gzip");
  EXPECT_EQ(get("/old.txt", "Accept-Encoding: gzip\r\n").body, "new");
  EXPECT_EQ(get("/LICENSE", "Accept-Encoding: gzip\r\n").field("Vary"), "");
}

TEST_F(Files, OfFoldersAreWhereTheirLinksAreRight) {
  start();
  serve();
  serve("/models", {}, "www/sub");
  const std::vector<std::pair<std::string, std::string>> cases{
      {"/sub", "/sub/"}, {"/sub?x=1", "/sub/?x=1"}, {"/%73ub", "/sub/"}, {"/models?", "/models/?"}};
  for (const auto& [target, location] : cases) {
    const Answer answer = get(target);
    EXPECT_EQ(answer.status, 301) << target;
    EXPECT_EQ(answer.field("Location"), location);
  }
  EXPECT_EQ(get("/empty/").status, 404);
}

TEST_F(Files, AreFoundByTheLongestPrefix) {
  put("models/arm.glb", "of the first");
  files.put("models/arm.glb", "of the second");
  files.put("deep/arm.glb", "of the third");
  start();
  serve("/models/deep", {}, "deep");
  serve("/");
  serve("/models/", {}, "models");
  EXPECT_EQ(get("/models/arm.glb").body, "of the second");
  EXPECT_EQ(get("/models/deep/arm.glb").body, "of the third");
  EXPECT_EQ(get("/modelsx").status, 404);
  EXPECT_EQ(get("/app.js").body, "let a;");
  serve("/models", {}, "www/models");
  EXPECT_EQ(get("/models/arm.glb").body, "of the first") << "in place of what was there before";
}

TEST_F(Files, LeaveTheRestToTheHandler) {
  start();
  EXPECT_EQ(get("/app.js").body, "handler");
  serve("/app");
  EXPECT_EQ(get("/").body, "handler");
  EXPECT_EQ(get("/application").body, "handler");
  EXPECT_EQ(get("/app/nothing").status, 404);
  const Answer posted = get("/app/app.js", "Content-Length: 0\r\n", "POST");
  EXPECT_EQ(posted.status, 405);
  EXPECT_EQ(posted.field("Allow"), "GET, HEAD");
  EXPECT_EQ(ask("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n").substr(9, 3), "200");
}

TEST_F(Files, AreListedWhereThatIsAskedFor) {
  put("empty/<b>.txt", "x");
  put("empty/.hidden", "x");
  start();
  serve("/", {.listing = true});
  const Answer list = get("/empty/");
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(list.field("Content-Type"), "text/html; charset=utf-8");
  EXPECT_NE(list.body.find("&lt;b&gt;.txt"), std::string::npos);
  EXPECT_EQ(list.body.find("hidden"), std::string::npos);
  EXPECT_EQ(get("/").body, "<p>hi") << "a folder with an index isn't listed";
  serve("/", {.index = "", .listing = true});
  EXPECT_NE(get("/").body.find("app.js"), std::string::npos);
}

TEST_F(Files, StandInForPagesThatAreNotThere) {
  start();
  serve("/", {.fallback = "sub/index.html"});
  EXPECT_EQ(get("/robots/7").body, "sub");
  EXPECT_EQ(get("/empty/").body, "sub");
  EXPECT_EQ(get("/robots/r2.d2", "Accept: text/html\r\n").body, "sub");
  EXPECT_EQ(get("/missing.png").status, 404);
  EXPECT_EQ(get("/.env").status, 404);
  EXPECT_EQ(get("/robots/../7").status, 404);
  serve("/", {.fallback = "gone.html"});
  EXPECT_EQ(get("/robots/7").status, 404);
}

TEST_F(Files, ComeWithTheFieldsOfTheirFolder) {
  start();
  serve("/", {.cache_control = "max-age=60", .headers = {{"X-Arm", "7"}}});
  const Answer answer = get("/app.js");
  EXPECT_EQ(answer.field("Cache-Control"), "max-age=60");
  EXPECT_EQ(answer.field("X-Arm"), "7");
}

TEST_F(Files, AreRefusedOptionsThatCanNotBe) {
  start();
  const auto folder = ServedFolder::find(files.path("www"));
  ASSERT_TRUE(folder);
  const std::vector<std::pair<std::string, FileOptions>> wrong{
      {"app", {}},
      {"/..", {}},
      {"/", {.index = "../secret.txt"}},
      {"/", {.index = ".env"}},
      {"/", {.fallback = "../secret.txt"}},
      {"/", {.fallback = "/etc/passwd"}},
      {"/", {.fallback = "sub/"}},
      {"/", {.cache_control = "a\r\nb: c"}},
      {"/", {.headers = {{"a b", "c"}}}}};
  for (const auto& [prefix, options] : wrong) {
    EXPECT_FALSE(core->serve_files(prefix, *folder, options)) << prefix;
  }
  const auto none = ServedFolder::find(files.path("nothing"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "there is no folder '" + files.path("nothing") + "'");
}

// Each is what some server has been fooled with.
TEST_F(Files, FromElsewhereAreNotServed) {
  files.put("www-secret/key.txt", "secret");
  files.link("www/out.txt", "../secret.txt");
  files.link("www/out", "..");
  files.link("www/absolute.txt", files.path("secret.txt"));
  start();
  serve();
  serve("/models", {}, "www/sub");
  const std::string root = files.path().string();
  for (const std::string& target : std::vector<std::string>{"/../secret.txt",
                                                            "/sub/../../secret.txt",
                                                            "/%2e%2e/secret.txt",
                                                            "/%2e%2e%2fsecret.txt",
                                                            "/..%2fsecret.txt",
                                                            "/%252e%252e/secret.txt",
                                                            "/..%5csecret.txt",
                                                            "/\\..\\secret.txt",
                                                            "//etc/passwd",
                                                            "//secret.txt",
                                                            "/C:/secret.txt",
                                                            "/secret.txt%00",
                                                            "/app.js%00.txt",
                                                            "/%c0%ae%c0%ae/secret.txt",
                                                            "/%",
                                                            "/%zz",
                                                            "/CON",
                                                            "/NUL",
                                                            "/app.js::$DATA",
                                                            "/app.js.",
                                                            "/app.js%20",
                                                            "/out.txt",
                                                            "/out/secret.txt",
                                                            "/out",
                                                            "/absolute.txt",
                                                            "/.env",
                                                            "/%2eenv",
                                                            "/models/../index.html",
                                                            "/models/../../secret.txt",
                                                            "/models/%2e%2e/app.js",
                                                            "/../www-secret/key.txt",
                                                            "/" + root + "/secret.txt",
                                                            "/app.js/",
                                                            "/app.js/x",
                                                            "http://localhost/../secret.txt",
                                                            "/sub//index.html"}) {
    const Answer answer = get(target);
    EXPECT_EQ(answer.status, 404) << target;
    EXPECT_EQ(answer.field("Location"), "") << target;
  }
  for (const std::string& target :
       std::vector<std::string>{"*", "secret.txt", "localhost:80", "file:///etc/passwd", "/a b"}) {
    EXPECT_EQ(get(target).status, 400) << target;
  }
  EXPECT_EQ(get("localhost:80", "", "CONNECT").status, 501);
}

TEST_F(Files, AreGuardedLikeAllElse) {
  ServerOptions options;
  options.tokens = {"open-sesame"};
  options.cors_origins = {"https://lab.example"};
  start(std::move(options));
  serve();
  EXPECT_EQ(get("/app.js").status, 401);
  const Answer answer = get("/app.js",
                            "Authorization: Bearer open-sesame\r\n"
                            "Origin: https://lab.example\r\n");
  EXPECT_EQ(answer.body, "let a;");
  EXPECT_EQ(answer.field("Access-Control-Allow-Origin"), "https://lab.example");
  EXPECT_EQ(get("/sub?token=open-sesame").field("Location"), "/sub/?token=open-sesame");
  EXPECT_EQ(ask("GET /app.js HTTP/1.1\r\nHost: evil.example\r\n\r\n").substr(9, 3), "403");
}

TEST_F(Files, MayBeForAnyPage) {
  start();
  serve("/", {.is_public = true}, "www/sub");
  serve("/private");
  const std::string embedded = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n";
  EXPECT_EQ(get("/index.html", embedded).body, "sub");
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: any.example\r\n\r\n").substr(9, 3), "200");
  EXPECT_EQ(get("/private/app.js", embedded).status, 403);
  EXPECT_EQ(get("/index.html", embedded + "Content-Length: 0\r\n", "POST").status, 403);
}

// Who asks learns no more than of what isn't there; the log has it for who may change it.
TEST_F(Files, ThatTheServerMayNotReadAreSaidInTheLog) {
  start();
  serve();
  files.deny("www/app.js");
  const transport::AsNobody nobody(files);
  EXPECT_EQ(get("/app.js").status, 404);
  EXPECT_EQ(get("/LICENSE").status, 200);
  ASSERT_EQ(log.size(), 1u);
  EXPECT_THAT(log.front(), testing::HasSubstr("404: file '/app.js': Permission denied"));
}

TEST_F(Files, ComeWithoutAHandlerToo) {
  ServerOptions options;
  options.logger = [](LogLevel, std::string_view) {};
  core = std::make_unique<ServerCore>(*turn_end, options, ServerHandlers{});
  ASSERT_TRUE(core->listen(test::test_port));
  serve("/app");
  EXPECT_EQ(get("/app/app.js").body, "let a;");
  EXPECT_EQ(get("/other").status, 404);
}

}  // namespace
}  // namespace simws::endpoint
