#include "host/load/stream_load.h"

#include "host/load/deflate.h"
#include "host/load/failure.h"
#include "host/load/message_reader.h"
#include "host/load/meter.h"
#include "host/load/opening.h"
#include "host/load/poller.h"
#include "host/load/stamp.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::load {
namespace {

constexpr std::uint8_t text_frame = 0x81;
constexpr double longest_wait = 0.1;  // seconds until time is looked at again
constexpr const char* how_to_stamp =
    "no message began with a time: let each begin with nanoseconds, in Python str(time.time_ns()), "
    "or publish to a topic and use --topic";

constexpr const char* no_topics =
    "the server doesn't speak simws.topics.1, by which it's subscribed to a topic: has it the "
    "option topics?";

struct Listener {
  Connection connection;
  MessageReader reader;
  std::unique_ptr<Inflating> inflating;  // null: nothing is compressed
  std::uint64_t messages = 0;            // that were measured
  double last = 0;                       // when the one before came; 0: none
};

// For a message that JSON has as a text.
std::string in_json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

class StreamLoad {
 public:
  StreamLoad(const LoadOptions& options, StreamKind kind)
      : options_(options),
        kind_(kind),
        meter_(options.server),
        target_(options),
        buffer_(256u << 10) {}

  void connect_all();
  Report run();

 private:
  void subscribe(Listener& listener);
  Reading run_until(double time);
  void turn(double end);
  void receive(Listener& listener);
  void flush(Listener& listener);
  void take(Listener& listener, std::string_view bytes);
  std::string_view content_of(Listener& listener);
  void note(Listener& listener, std::string_view message);
  void note_topics(Listener& listener, std::string_view message);
  void note_age(const Stamp& stamp);
  void count(Listener& listener, std::size_t size);
  Figures rates(double seconds);
  Report report(const Reading& begin, const Reading& end);

  const LoadOptions& options_;
  StreamKind kind_;
  Meter meter_;
  Target target_;
  Poller poller_;
  std::vector<char> buffer_;
  std::vector<Listener> listeners_;
  std::string inflated_;
  Histogram gaps_;
  Histogram ages_;
  bool is_measuring_ = false;
  double time_ = 0;  // when what this turn handles came
  std::uint64_t messages_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t compressed_ = 0;
};

void StreamLoad::connect_all() {
  listeners_.reserve(options_.connections);
  while (listeners_.size() < options_.connections) {
    auto [connection, opening] = open_connection(target_);
    if (options_.deflate && !opening.deflate) give_up("the server doesn't compress");
    if (!options_.topics.empty() && opening.subprotocol.empty()) give_up(no_topics);
    const bool keeps_context = opening.deflate && opening.deflate->server_context_takeover;
    listeners_.push_back({std::move(connection), {}, nullptr});
    Listener& listener = listeners_.back();
    if (opening.deflate) listener.inflating = std::make_unique<Inflating>(keeps_context);
    poller_.add(listener.connection.descriptor(), &listener);
    subscribe(listener);
    take(listener, opening.early);
    flush(listener);
  }
}

void StreamLoad::subscribe(Listener& listener) {
  for (const std::string& topic : options_.topics) {
    std::string wire;
    append_masked_frame(wire, text_frame,
                        "[\"subscribe\"," + in_json(topic) + ",{\"policy\":\"latest\"}]", 0);
    listener.connection.queue_copy(wire);
  }
}

Reading StreamLoad::run_until(double time) {
  while (now() < time && !options_.is_ended()) turn(time);
  return meter_.read();
}

void StreamLoad::turn(double end) {
  const auto events = poller_.wait(std::min(end - now(), longest_wait));
  time_ = now();
  for (const epoll_event& event : events) {
    Listener& listener = *static_cast<Listener*>(event.data.ptr);
    if (event.events & ~EPOLLOUT) receive(listener);
    flush(listener);
  }
}

void StreamLoad::receive(Listener& listener) {
  const auto received =
      listener.connection.receive(buffer_, [&](std::string_view bytes) { take(listener, bytes); });
  const std::string& why = listener.reader.end();
  if (received == Connection::Received::end || !why.empty()) {
    give_up("the server ended a connection" + (why.empty() ? "" : ": " + why));
  }
}

void StreamLoad::flush(Listener& listener) {
  listener.connection.flush();
  listener.connection.watch_sending(poller_, &listener);
}

void StreamLoad::take(Listener& listener, std::string_view bytes) {
  listener.reader.append(bytes);
  while (listener.reader.next()) {
    const std::string_view message = content_of(listener);
    options_.topics.empty() ? note(listener, message) : note_topics(listener, message);
  }
  const std::string pongs = listener.reader.take_pongs();
  if (!pongs.empty()) listener.connection.queue_copy(pongs);
}

std::string_view StreamLoad::content_of(Listener& listener) {
  const MessageReader& reader = listener.reader;
  if (!reader.is_compressed()) return reader.message();
  if (!listener.inflating || !listener.inflating->inflate(reader.message(), inflated_)) {
    give_up("a message that can't be inflated");
  }
  ++compressed_;
  return inflated_;
}

void StreamLoad::note(Listener& listener, std::string_view message) {
  count(listener, message.size());
  if (kind_ != StreamKind::ages) return;
  if (const auto stamp = stamp_of(message)) note_age(*stamp);
}

void StreamLoad::note_topics(Listener& listener, std::string_view message) {
  const TopicsHeader header = topics_header_of(message);
  if (header.kind == TopicsHeader::Kind::mark) {
    std::string wire;
    append_masked_frame(wire, text_frame, "[\"ack\"," + std::string(header.mark) + "]", 0);
    listener.connection.queue_copy(wire);
  }
  if (header.kind != TopicsHeader::Kind::message) return;
  count(listener, message.size());
  note_age(header.stamp);
}

void StreamLoad::note_age(const Stamp& stamp) {
  if (is_measuring_ && kind_ == StreamKind::ages) ages_.add(age_of(stamp));
}

void StreamLoad::count(Listener& listener, std::size_t size) {
  const double last = std::exchange(listener.last, time_);
  if (!is_measuring_) return;
  ++messages_;
  ++listener.messages;
  bytes_ += size;
  if (last > 0) gaps_.add(time_ - last);
}

Figures StreamLoad::rates(double seconds) {
  std::vector<double> all;
  for (const Listener& listener : listeners_) {
    all.push_back(static_cast<double>(listener.messages) / seconds);
  }
  std::ranges::sort(all);
  return {{"bytes_per_second", static_cast<double>(bytes_) / seconds},
          {"connection_rate_min", all.front()},
          {"connection_rate_median", all[all.size() / 2]},
          {"connection_rate_max", all.back()}};
}

Report StreamLoad::report(const Reading& begin, const Reading& end) {
  Report report;
  report.figures = meter_.figures(begin, end, messages_);
  const Figures more = rates(end.time - begin.time);
  report.figures.insert(report.figures.end(), more.begin(), more.end());
  append_percentiles(report.figures, gaps_, "gap_", "ms", 1e3);
  report.times = kind_ == StreamKind::ages ? ages_ : gaps_;
  report.times_of = kind_ == StreamKind::ages ? "age" : "gap";
  if (options_.deflate) note_compressed(report, compressed_);
  if (messages_ == 0) report.note = "nothing came: does the server send by itself?";
  if (kind_ == StreamKind::gaps) return report;
  append_percentiles(report.figures, ages_, "", "ms", 1e3);
  report.figures.emplace_back("stamped", static_cast<double>(ages_.count()));
  if (messages_ > 0 && ages_.count() == 0) report.note = how_to_stamp;
  if (ages_.least() < 0) {
    report.note = "some messages come from the future: the clocks of the two machines differ";
  }
  return report;
}

Report StreamLoad::run() {
  const Reading begin = run_until(now() + options_.warm_up);
  is_measuring_ = true;
  const Reading end = run_until(begin.time + options_.seconds);
  return report(begin, end);
}

}  // namespace

Report run_stream_load(const LoadOptions& options, StreamKind kind) {
  StreamLoad load(options, kind);
  load.connect_all();
  return load.run();
}

}  // namespace simws::load
