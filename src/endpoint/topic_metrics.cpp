#include "endpoint/topic_metrics.h"

#include <iterator>
#include <utility>

namespace simws::endpoint {

using protocol::http::MetricFamily;
using protocol::http::MetricKind;

namespace {

constexpr std::uint64_t TopicInfo::*counters[] = {&TopicInfo::published, &TopicInfo::delivered,
                                                  &TopicInfo::conflated, &TopicInfo::dropped};
constexpr std::size_t TopicInfo::*gauges[] = {&TopicInfo::subscribers, &TopicInfo::queued_bytes,
                                              &TopicInfo::retained_keys,
                                              &TopicInfo::retained_bytes};

constexpr MetricFamily known_topics = {
    "simws_topics", MetricKind::gauge, "",
    "Topics and patterns that something was published or subscribed to lately."};

struct CounterRow {
  MetricFamily family;
  std::uint64_t TopicInfo::*figure;
};
constexpr CounterRow counter_rows[] = {
    {{"simws_topic_published", MetricKind::counter, "", "Messages published to the topic."},
     &TopicInfo::published},
    {{"simws_topic_delivered", MetricKind::counter, "",
      "Messages of the topic handed to connections."},
     &TopicInfo::delivered},
    {{"simws_topic_conflated", MetricKind::counter, "",
      "Messages left out, for a newer one of their key came."},
     &TopicInfo::conflated},
    {{"simws_topic_dropped", MetricKind::counter, "", "Messages lost, as a policy says."},
     &TopicInfo::dropped},
};

struct GaugeRow {
  MetricFamily family;
  std::size_t TopicInfo::*figure;
};
constexpr GaugeRow gauge_rows[] = {
    {{"simws_topic_subscribers", MetricKind::gauge, "",
      "Connections that are subscribed to the topic."},
     &TopicInfo::subscribers},
    {{"simws_topic_queued_bytes", MetricKind::gauge, "bytes",
      "Bytes of the topic that wait in subscriptions."},
     &TopicInfo::queued_bytes},
    {{"simws_topic_retained_keys", MetricKind::gauge, "",
      "Keys of the topic of which a message is retained."},
     &TopicInfo::retained_keys},
    {{"simws_topic_retained_bytes", MetricKind::gauge, "bytes",
      "Bytes of these messages and keys."},
     &TopicInfo::retained_bytes},
};

// What the rows of these topics take, a little more.
std::size_t size_of(const std::vector<TopicInfo>& topics) {
  constexpr std::size_t row_count = std::size(counter_rows) + std::size(gauge_rows);
  constexpr std::size_t around_name = 80;
  std::size_t size = 0;
  for (const TopicInfo& topic : topics) size += topic.name.size() + around_name;
  return size * row_count;
}

template <typename Rows>
void write_rows(protocol::http::MetricsText& text, const Rows& rows,
                const std::vector<TopicInfo>& topics) {
  for (const auto& row : rows) {
    text.begin(row.family);
    for (const TopicInfo& topic : topics) {
      text.add(static_cast<double>(topic.*row.figure), {{"topic", topic.name}});
    }
  }
}

}  // namespace

std::optional<TopicInfo> OtherTopics::note(const TopicInfo& totals,
                                           const std::vector<TopicInfo>& listed,
                                           std::size_t known) {
  if (!others_ && known <= listed.size()) return std::nullopt;
  std::map<std::string, TopicInfo> noted;  // first, for it takes memory
  for (const TopicInfo& topic : listed) noted.emplace(topic.name, topic);
  count(totals, listed);
  totals_ = totals;
  listed_ = std::move(noted);
  return others_;
}

// What is listed anew, or was forgotten meanwhile and is there again, belonged to the others until
// now.
void OtherTopics::count(const TopicInfo& totals, const std::vector<TopicInfo>& listed) {
  const bool is_first = !others_;
  TopicInfo& others = is_first ? others_.emplace() : *others_;
  for (const auto counter : counters) others.*counter += totals.*counter - totals_.*counter;
  for (const auto gauge : gauges) others.*gauge = totals.*gauge;
  for (const TopicInfo& topic : listed) {
    const auto before = listed_.find(topic.name);
    for (const auto gauge : gauges) others.*gauge -= topic.*gauge;
    for (const auto counter : counters) {
      if (is_first) others.*counter -= topic.*counter;
      if (before == listed_.end() || topic.*counter < before->second.*counter) continue;
      others.*counter -= topic.*counter - before->second.*counter;
    }
  }
}

void TopicMetrics::write(protocol::http::MetricsText& text, const Topics& topics) {
  text.begin(known_topics);
  text.add(static_cast<double>(topics.known()));
  std::vector<TopicInfo> listed = topics.busiest(most_listed);
  if (auto others = others_.note(topics.totals(), listed, topics.known())) {
    others->name = others_name;
    listed.push_back(std::move(*others));
  }
  if (listed.empty()) return;
  for (TopicInfo& topic : listed) topic.name = protocol::http::escaped_label(topic.name);
  text.expect(size_of(listed));
  write_rows(text, counter_rows, listed);
  write_rows(text, gauge_rows, listed);
}

}  // namespace simws::endpoint
