#include "endpoint/metrics_service.h"

#include "base/script_times.h"
#include "endpoint/topics_test_fixture.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace simws::endpoint {
namespace {

using namespace test;

class MetricsTest : public TopicsTest {
 protected:
  void prepare(ServerOptions& options) override { options.metrics = true; }

  std::string ask(const std::string& request = "GET /metrics", const std::string& fields = "") {
    auto peer = connect();
    peer->send(request + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
    return peer->take();
  }
  // The value of a sample by its name and labels; empty: there's none.
  std::string value_of(const std::string& sample) {
    const std::string all = ask();
    const std::size_t at = all.find("\n" + sample + " ");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + sample.size() + 2;
    return all.substr(begin, all.find('\n', begin) - begin);
  }
};

TEST_F(MetricsTest, AreText) {
  start();
  const std::string answer = ask();
  EXPECT_EQ(answer.substr(0, 15), "HTTP/1.1 200 OK");
  for (const char* field :
       {"\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n", "\r\nVary: Accept\r\n",
        "\r\nCache-Control: no-store\r\n", "\r\nX-Content-Type-Options: nosniff\r\n"}) {
    EXPECT_NE(answer.find(field), std::string::npos) << field;
  }
  EXPECT_NE(answer.find("\r\n\r\n# HELP simws_build_info The version of simWS.\n"),
            std::string::npos);
  EXPECT_NE(answer.find("\nsimws_build_info{version=\"" SIMWS_VERSION "\"} 1\n"),
            std::string::npos);
  EXPECT_EQ(answer.find("# EOF"), std::string::npos);
}

TEST_F(MetricsTest, AreOpenMetricsForWhoAsks) {
  start();
  const std::string answer =
      ask("GET /metrics?x=1", "Accept: application/openmetrics-text;version=1.0.0\r\n");
  EXPECT_NE(answer.find("\r\nContent-Type: application/openmetrics-text; version=1.0.0; "
                        "charset=utf-8\r\n"),
            std::string::npos);
  EXPECT_NE(answer.find("\n# TYPE simws_messages_sent counter\nsimws_messages_sent_total 0\n"),
            std::string::npos);
  EXPECT_NE(answer.find("\n# UNIT simws_sent_bytes bytes\n"), std::string::npos);
  EXPECT_EQ(answer.substr(answer.size() - 7), "\n# EOF\n");
}

TEST_F(MetricsTest, AreTheServersFigures) {
  ServerOptions options;
  options.max_connections = 77;
  start(std::move(options));
  auto peer = open();
  peer->send(text("12345"));
  EXPECT_EQ(value_of("simws_connections"), "1");
  EXPECT_EQ(value_of("simws_max_connections"), "77");
  EXPECT_EQ(value_of("simws_messages_received_total"), "1");
  EXPECT_EQ(value_of("simws_handshakes_total"), "1");
  EXPECT_EQ(value_of("simws_max_queued_bytes"), "268435456");
  EXPECT_EQ(value_of("simws_http_requests_total"), "6") << "this one and those above";
  EXPECT_GT(std::stod(value_of("simws_start_time_seconds")), 1.6e9);
}

TEST_F(MetricsTest, HaveTimesOfAScriptWhereThereIsOne) {
  start();
  EXPECT_EQ(value_of("simws_round_trip_seconds_count"), "0");
  EXPECT_EQ(value_of("simws_queue_wait_seconds_bucket{le=\"+Inf\"}"), "0");
  EXPECT_EQ(value_of("simws_pass_seconds_count"), "");
  core->stop(false);
  loop->run_until_idle();
  core.reset();
  const auto times = std::make_shared<ScriptTimes>();
  times->callback.observe(std::chrono::milliseconds(3));
  ServerOptions options;
  options.script_times = times;
  start(std::move(options));
  EXPECT_EQ(value_of("simws_callback_seconds_sum"), "0.003");
  EXPECT_EQ(value_of("simws_callback_seconds_bucket{le=\"0.002048\"}"), "0");
  EXPECT_EQ(value_of("simws_callback_seconds_bucket{le=\"0.004096\"}"), "1");
  EXPECT_EQ(value_of("simws_pass_seconds_count"), "0");
  EXPECT_EQ(value_of("simws_step_lateness_seconds_count"), "0");
}

TEST_F(MetricsTest, HaveTopicsAsLabels) {
  start();
  EXPECT_EQ(value_of("simws_topics"), "0");
  EXPECT_EQ(ask().find("simws_topic_published"), std::string::npos) << "a family has samples";
  auto peer = open();
  subscribe(*connections[0], "robots/#");
  publish("robots/1", "x");
  publish("a \"b\\", "x");
  EXPECT_EQ(value_of("simws_topics"), "3");
  EXPECT_EQ(value_of("simws_topic_published_total{topic=\"robots/1\"}"), "1");
  EXPECT_EQ(value_of("simws_topic_published_total{topic=\"a \\\"b\\\\\"}"), "1");
  EXPECT_EQ(value_of("simws_topic_delivered_total{topic=\"robots/#\"}"), "1");
  EXPECT_EQ(value_of("simws_topic_subscribers{topic=\"robots/#\"}"), "1");
}

TEST_F(MetricsTest, HaveAHundredTopicsAndTheOthersTogether) {
  start();
  for (int i = 0; i < 250; ++i) publish("t" + std::to_string(i), "x");
  for (int i = 0; i < 100; ++i) publish("t" + std::to_string(i), "x");
  EXPECT_EQ(value_of("simws_topics"), "250");
  EXPECT_EQ(value_of("simws_topic_published_total{topic=\"t99\"}"), "2");
  EXPECT_EQ(value_of("simws_topic_published_total{topic=\"t100\"}"), "");
  EXPECT_EQ(value_of("simws_topic_published_total{topic=\"/others\"}"), "150");
  publish("t200", "x");
  EXPECT_EQ(value_of("simws_topic_published_total{topic=\"/others\"}"), "151");
}

TEST_F(MetricsTest, AreForWhoMayComeIn) {
  ServerOptions options;
  options.tokens = {"secret"};
  start(std::move(options));
  EXPECT_EQ(ask().substr(0, 12), "HTTP/1.1 401");
  EXPECT_EQ(ask("GET /metrics", "Authorization: Bearer wrong\r\n").substr(0, 12), "HTTP/1.1 401");
  EXPECT_EQ(ask("GET /metrics", "Authorization: Bearer secret\r\n").substr(0, 12), "HTTP/1.1 200");
  EXPECT_EQ(ask("GET /metrics", "Authorization: Bearer secret\r\nOrigin: http://evil.example\r\n")
                .substr(0, 12),
            "HTTP/1.1 403");
}

TEST_F(MetricsTest, AreOneFileThatIsRead) {
  on_http = [](Connection& connection, const HttpRequest&) {
    (void)connection.respond({404, {}, {}});
  };
  start();
  const std::string head = ask("HEAD /metrics");
  EXPECT_EQ(head.substr(0, 12), "HTTP/1.1 200");
  EXPECT_EQ(head.substr(head.size() - 4), "\r\n\r\n");
  for (const char* request : {"POST /metrics", "GET /metrics/", "GET /Metrics", "GET //metrics",
                              "PUT /metrics", "GET /metricsx"}) {
    EXPECT_EQ(ask(request).substr(0, 12), "HTTP/1.1 404") << request;
  }
}

class NoMetricsTest : public ServerTest {};

TEST_F(NoMetricsTest, UnlessTheyAreAskedFor) {
  start();
  auto peer = connect();
  peer->send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(take_events(), Words{"http GET /metrics"});
}

}  // namespace
}  // namespace simws::endpoint
