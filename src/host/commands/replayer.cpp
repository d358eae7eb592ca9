#include "host/commands/replayer.h"

#include "host/commands/replay_page.h"

#include <algorithm>
#include <utility>

namespace simws::host {

namespace {

constexpr std::string_view topics_subprotocol = "simws.topics.1";

// What leaves in a turn at most, so that viewers are heard in between.
constexpr std::size_t most_entries = 1000;
constexpr std::size_t most_bytes = std::size_t{1} << 20;

// A round of a recording that has no length.
constexpr std::chrono::milliseconds shortest_round{100};

}  // namespace

Replayer::Replayer(std::unique_ptr<recording::InputFile> file, ReplayOptions options)
    : file_(std::move(file)), options_(options) {}

ServerHandlers Replayer::handlers() {
  ServerHandlers handlers;
  handlers.open = [this](Connection& connection) { on_open(connection); };
  handlers.http = [this](Connection& connection, const HttpRequest& request) {
    on_http(connection, request);
  };
  return handlers;
}

void Replayer::attach(Server& server, EventLoop& loop) {
  server_ = &server;
  loop_ = &loop;
  if (!options_.waits) loop.post([this] { begin(); });
}

std::string Replayer::describe() const {
  const recording::Header& header = file_->header();
  const std::string& source = header.url.empty() ? header.server : header.url;
  std::string words = "replays " + file_->path();
  if (!source.empty()) words += " of " + source;
  return header.began.empty() ? words : words + ", recorded " + header.began;
}

std::string Replayer::summary() const {
  std::string words = "replayed " + std::to_string(sent_) + (sent_ == 1 ? " message" : " messages");
  if (refused_ > 0) {
    words +=
        "; " + std::to_string(refused_) + " could not be sent, the first because " + first_refusal_;
  }
  return file_->was_cut_off() ? words + "; the file was cut off at its end" : words;
}

// Who doesn't speak of topics gets what is published as plain messages.
void Replayer::on_open(Connection& connection) {
  if (connection.info().subprotocol != topics_subprotocol) {
    SubscriptionOptions options;
    options.policy = TopicPolicy::all;
    (void)server_->subscribe(connection, "#", options);
  }
  if (!has_begun_) loop_->post([this] { begin(); });
}

void Replayer::on_http(Connection& connection, const HttpRequest& request) {
  const bool is_page = request.resource == "/" || request.resource.starts_with("/?");
  HttpResponse response;
  response.status = is_page ? 200 : 404;
  if (is_page) {
    response.headers = {{"Content-Type", "text/html; charset=utf-8"}};
    response.body = replay_page(file_->path(), file_->header());
  }
  (void)connection.respond(std::move(response));
}

void Replayer::begin() {
  if (std::exchange(has_begun_, true)) return;
  begin_ = Clock::now();
  if (read_next()) {
    step();
  } else {
    end();
  }
}

// Each entry is due at its own time from the begin on, whatever came before it took.
void Replayer::step() {
  std::size_t entries = 0;
  std::size_t bytes = 0;
  while (entries < most_entries && bytes < most_bytes) {
    const auto now = Clock::now();
    if (due() > now) return loop_->call_after(due() - now, [this] { step(); });
    if (const auto* const message = std::get_if<recording::Message>(&next_->what)) {
      send(*message);
      bytes += message->data.size();
    }
    ++entries;
    if (!read_next()) return end();
  }
  loop_->post([this] { step(); });
}

Replayer::Clock::time_point Replayer::due() const {
  const Seconds since(static_cast<double>(next_->time) / 1e6 / options_.speed);
  return begin_ + std::chrono::duration_cast<Clock::duration>(since);
}

bool Replayer::read_next() {
  if (next_) latest_ = next_->time;
  while (true) {
    auto entry = file_->next();
    if (!entry) {
      problem_ = entry.error().message;
      return false;
    }
    next_ = *entry;
    if (next_) return true;
    if (!options_.loops || in_round_ == 0 || !begin_again()) return false;
  }
}

// The next round begins when the last entry was due.
bool Replayer::begin_again() {
  const Seconds length(static_cast<double>(latest_) / 1e6 / options_.speed);
  begin_ += std::max(std::chrono::duration_cast<Clock::duration>(length),
                     Clock::duration(shortest_round));
  in_round_ = 0;
  latest_ = 0;
  const auto rewound = file_->rewind();
  if (!rewound) problem_ = rewound.error().message;
  return rewound.ok();
}

// To publish nothing with `retain` would forget the key.
bool Replayer::is_retained(const recording::Message& message) const {
  return message.retain || (options_.retains && !message.data.empty());
}

// What the server got isn't what it sends.
void Replayer::send(const recording::Message& message) {
  if (message.from != 0) return;
  ++in_round_;
  const auto sent =
      message.topic.empty()
          ? server_->broadcast(message.data, message.opcode)
          : server_->publish(message.topic, message.data, message.opcode,
                             {.key = std::string(message.key), .retain = is_retained(message)});
  if (sent) {
    ++sent_;
  } else if (++refused_ == 1) {
    first_refusal_ = sent.error().message;
  }
}

void Replayer::end() {
  loop_->stop();
}

}  // namespace simws::host
