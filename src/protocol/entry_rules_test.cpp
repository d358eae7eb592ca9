#include "protocol/entry_rules.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace simws::protocol {
namespace {

using namespace std::string_view_literals;

const EntryRules defaults{{}, {}, "Robot-7"};

TEST(HostRule, AdmitsIpLiteralsLocalhostAndTheMachine) {
  for (const std::string_view host :
       {"127.0.0.1", "127.0.0.1:9000", "192.168.1.20:9000", "0.0.0.0", "8.8.8.8", "[::1]:9000",
        "[fe80::1]", "localhost", "LOCALHOST:1", "localhost.", "sim.localhost:9000", "robot-7",
        "ROBOT-7.:9000", "robot-7.local", "Robot-7.LOCAL.:9000"}) {
    EXPECT_EQ(refuse_host(defaults, host), std::nullopt) << host;
  }
}

TEST(HostRule, RefusesStrangersNames) {
  for (const std::string_view host : {"evil.com",
                                      "evil.com:9000",
                                      "localhost.evil.com",
                                      "127.0.0.1.nip.io",
                                      "2130706433",
                                      "0x7f000001",
                                      "127.1",
                                      "robot-7.evil.com",
                                      "robot-70",
                                      "lab.example",
                                      "",
                                      "[::1",
                                      "[::1]:99999",
                                      "a@localhost",
                                      "localhost@evil.com",
                                      "localhost:80:80",
                                      "*",
                                      "local",
                                      ".local",
                                      "robot-8.local",
                                      "robot-7.local.evil.com"}) {
    EXPECT_TRUE(refuse_host(defaults, host).has_value()) << host;
  }
}

TEST(HostRule, KnowsTheMachineByItsLocalNameToo) {
  const EntryRules in_domain{{}, {}, "robot.lab.example"};
  EXPECT_EQ(refuse_host(in_domain, "robot.lab.example"), std::nullopt);
  EXPECT_EQ(refuse_host(in_domain, "robot.local"), std::nullopt);
  EXPECT_TRUE(refuse_host(in_domain, "lab.local").has_value());
  const EntryRules unknown;
  EXPECT_TRUE(refuse_host(unknown, ".local").has_value());
}

TEST(HostRule, AdmitsListedNamesOnly) {
  const EntryRules rules{{"Lab.Example.", "*"}, {}, ""};
  EXPECT_EQ(refuse_host(rules, "lab.example:9000"), std::nullopt);
  EXPECT_EQ(refuse_host(rules, "LAB.example."), std::nullopt);
  EXPECT_TRUE(refuse_host(rules, "x.lab.example").has_value());
  EXPECT_TRUE(refuse_host(rules, "example").has_value());
  EXPECT_TRUE(refuse_host(rules, "robot-7").has_value());
}

TEST(HostRule, SaysWhichOptionAdmitsTheHost) {
  EXPECT_EQ(refuse_host(defaults, "Evil.com:80"),
            "host 'Evil.com:80' is not a name of this server; to admit it, start the server with "
            "hosts={'evil.com'}");
}

TEST(OriginRule, AdmitsTheSameHostAndLoopback) {
  for (const std::string_view origin :
       {"http://192.168.1.20", "https://192.168.1.20:1", "app://192.168.1.20", "http://localhost",
        "https://localhost:3000", "HTTP://LOCALHOST:3000", "http://localhost.:80",
        "http://a.localhost", "http://127.0.0.1:8080", "http://127.1.2.3", "http://[::1]",
        "http://[0:0:0:0:0:0:0:1]:80"}) {
    EXPECT_EQ(refuse_origin(defaults, origin, "192.168.1.20:9000"), std::nullopt) << origin;
  }
  EXPECT_EQ(refuse_origin(defaults, "http://ROBOT-7", "robot-7.:9000"), std::nullopt);
}

TEST(OriginRule, RefusesStrangers) {
  for (const std::string_view origin : {"null"sv,
                                        "file://"sv,
                                        "FILE://"sv,
                                        ""sv,
                                        "http://evil.com"sv,
                                        "http://localhost.evil.com"sv,
                                        "http://evil.com#localhost"sv,
                                        "http://evil.com/localhost"sv,
                                        "http://localhost@evil.com"sv,
                                        "http://evil.com?localhost"sv,
                                        "http://127.0.0.1.nip.io"sv,
                                        "http://0.0.0.0"sv,
                                        "http://2130706433"sv,
                                        "http://0x7f.1"sv,
                                        "http://127.1"sv,
                                        "http://192.168.1.21"sv,
                                        "http://[::ffff:127.0.0.1]"sv,
                                        "http://evil.com\\@localhost"sv,
                                        "http://evil\0.localhost"sv,
                                        "http://robot-7"sv}) {
    EXPECT_TRUE(refuse_origin(defaults, origin, "192.168.1.20:9000").has_value()) << origin;
  }
}

TEST(OriginRule, RefusesMalformedOriginsWhateverIsListed) {
  const EntryRules any{{}, {"*", "localhost"}, ""};
  const std::string long_origin = "http://localhost/" + std::string(65536, 'a');
  for (const std::string_view origin : {""sv,
                                        "localhost"sv,
                                        "http:localhost"sv,
                                        "http:/localhost"sv,
                                        "http://"sv,
                                        "://localhost"sv,
                                        "http://localhost/"sv,
                                        "http://localhost/x"sv,
                                        "http://localhost?x"sv,
                                        "http://localhost#x"sv,
                                        "http://user@localhost"sv,
                                        "http://localhost:x"sv,
                                        "http://localhost:99999"sv,
                                        "http://[::1"sv,
                                        "http://localhost http://localhost"sv,
                                        "ht tp://localhost"sv,
                                        "1http://localhost"sv,
                                        "http://local\xffhost"sv,
                                        "NULL"sv,
                                        "file:///"sv,
                                        "file:///home"sv,
                                        " http://localhost"sv,
                                        std::string_view(long_origin)}) {
    EXPECT_TRUE(refuse_origin(any, origin, "localhost").has_value())
        << testing::PrintToString(origin.substr(0, 100));
  }
}

TEST(OriginRule, AdmitsListedOrigins) {
  const EntryRules rules{{},
                         {"https://lab.example", "http://shop.example:8080", "bare.example",
                          "port.example:81", "chrome-extension://abcdef"},
                         ""};
  const auto admits = [&](std::string_view origin) {
    return !refuse_origin(rules, origin, "localhost");
  };
  EXPECT_TRUE(admits("https://lab.example"));
  EXPECT_TRUE(admits("https://lab.example:443"));
  EXPECT_TRUE(admits("HTTPS://LAB.example."));
  EXPECT_FALSE(admits("https://lab.example:444"));
  EXPECT_FALSE(admits("http://lab.example"));
  EXPECT_FALSE(admits("https://x.lab.example"));
  EXPECT_TRUE(admits("http://shop.example:8080"));
  EXPECT_FALSE(admits("http://shop.example"));
  EXPECT_TRUE(admits("http://bare.example"));
  EXPECT_TRUE(admits("https://bare.example:1234"));
  EXPECT_FALSE(admits("https://a.bare.example"));
  EXPECT_TRUE(admits("http://port.example:81"));
  EXPECT_FALSE(admits("http://port.example"));
  EXPECT_TRUE(admits("chrome-extension://abcdef"));
  EXPECT_FALSE(admits("chrome-extension://abcdeg"));
  EXPECT_FALSE(admits("null"));
}

TEST(OriginRule, AdmitsAnyByStarAndNullWhenListed) {
  const EntryRules any{{}, {"*"}, ""};
  EXPECT_EQ(refuse_origin(any, "https://evil.com", "localhost"), std::nullopt);
  EXPECT_EQ(refuse_origin(any, "null", "localhost"), std::nullopt);
  const EntryRules null{{}, {"null"}, ""};
  EXPECT_EQ(refuse_origin(null, "null", "localhost"), std::nullopt);
  EXPECT_TRUE(refuse_origin(null, "http://null", "localhost").has_value());
}

TEST(OriginRule, AdmitsPagesOpenedFromFilesOnlyWhenListed) {
  for (const char* entry : {"null", "file://", "*"}) {
    EXPECT_EQ(refuse_origin({{}, {entry}, ""}, "file://", "localhost"), std::nullopt) << entry;
    EXPECT_EQ(refuse_origin({{}, {entry}, ""}, "FILE://", "localhost"), std::nullopt) << entry;
  }
  EXPECT_TRUE(refuse_origin({{}, {"file://"}, ""}, "null", "localhost").has_value());
  EXPECT_TRUE(refuse_origin({{}, {"localhost"}, ""}, "file://", "localhost").has_value());
}

TEST(OriginRule, SaysWhichOptionAdmitsTheOrigin) {
  EXPECT_EQ(refuse_origin(defaults, "http://evil.com", "localhost"),
            "origin 'http://evil.com' may not connect; to admit it, start the server with "
            "origins={'http://evil.com'}");
  EXPECT_EQ(refuse_origin(defaults, "null", "localhost"),
            "origin 'null' may not connect; to admit it, start the server with origins={'null'}");
  const auto reason = refuse_origin(defaults, "http://" + std::string(65536, 'e'), "localhost");
  ASSERT_TRUE(reason.has_value());
  EXPECT_LT(reason->size(), 400u);
}

TEST(OwnOrigin, IsOfTheSameSchemeHostAndPort) {
  struct Case {
    const char* host;
    const char* origin;
    bool is_own, is_own_over_tls;
  };
  for (const auto& [host, origin, is_own, is_own_over_tls] : {
           Case{"localhost", "http://localhost", true, false},
           Case{"localhost", "https://localhost", false, true},
           Case{"localhost:80", "http://localhost", true, false},
           Case{"localhost:443", "https://localhost", false, true},
           Case{"LocalHost:9000", "http://localhost:9000", true, false},
           Case{"localhost:9000", "http://localhost", false, false},
           Case{"localhost:9000", "http://127.0.0.1:9000", false, false},
           Case{"[::1]:9000", "http://[::1]:9000", true, false},
           Case{"localhost:9000", "http://localhost:9000/", false, false},
           Case{"localhost:9000", "null", false, false},
           Case{"localhost:9000", "", false, false},
           Case{"", "http://", false, false},
       }) {
    const RequestHead head;
    EntryRequest request(head);
    request.host = host;
    EXPECT_EQ(is_own_origin(request, origin), is_own) << host << " " << origin;
    request.is_secure = true;
    EXPECT_EQ(is_own_origin(request, origin), is_own_over_tls) << host << " " << origin;
  }
}

}  // namespace
}  // namespace simws::protocol
