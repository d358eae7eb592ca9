// A server's topics, its script and its viewers on a network in memory: whatever they do, frames
// are well formed, what is published of a key comes in order, the newest of it comes in the end,
// and nothing is left charged.
#include "check.h"
#include "endpoint/server_core.h"
#include "protocol/frame.h"
#include "protocol/topics/topic_name.h"
#include "transport/memory.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace simws;
using fuzz::check;
using protocol::FrameOpcode;

constexpr std::array<std::string_view, 5> topics = {"a", "a/b", "a/b/c", "b", "log"};
constexpr std::array<std::string_view, 7> subscriptions = {"a", "a/b", "a/#", "a/b/#",
                                                           "#", "b",   "log"};
constexpr std::array<std::string_view, 3> keys = {"", "x", "y"};

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool empty() const { return size_ == 0; }
  std::uint8_t byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  std::string_view text(std::size_t size) {
    size = std::min(size, size_);
    const std::string_view taken(reinterpret_cast<const char*>(data_), size);
    data_ += size;
    size_ -= size;
    return taken;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

std::string client_frame(FrameOpcode opcode, std::string_view payload) {
  protocol::FrameHeader header;
  header.opcode = opcode;
  header.masked = true;
  header.payload_length = payload.size();
  std::array<std::byte, protocol::max_frame_header_size> bytes;
  const std::size_t size = protocol::encode_frame_header(header, bytes);
  return std::string(as_text(Bytes(bytes).first(size))).append(payload);
}

// One viewer, and what it has got. Publications are "<topic>|<key>|<number>|...".
class Viewer {
 public:
  Viewer(transport::MemoryLoop& loop, bool is_page) : is_page_(is_page), peer_(loop.connect(9000)) {
    peer_->send(std::string("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                            "Sec-WebSocket-Version: 13\r\n") +
                (is_page ? "Sec-WebSocket-Protocol: simws.topics.1\r\n\r\n" : "\r\n"));
    received_ = peer_->take();
    const std::size_t end = received_.find("\r\n\r\n");
    check(end != std::string::npos);
    received_.erase(0, end + 4);
  }

  transport::MemoryPeer& peer() { return *peer_; }
  bool is_page() const { return is_page_; }
  bool has_ended() const { return closed_ || peer_->saw_end() || peer_->saw_reset(); }
  // It may have been told older things again.
  void note_subscribed_again() { is_ordered_ = false; }
  std::uint64_t latest_of(std::string_view topic_and_key) const {
    const auto found = latest_.find(std::string(topic_and_key));
    return found == latest_.end() ? 0 : found->second;
  }

  // Reads what came, and acknowledges what asks for it. False: nothing was to be acknowledged.
  bool read() {
    received_ += peer_->take();
    std::string answers;
    while (take_frame(answers)) {
    }
    if (answers.empty()) return false;
    peer_->send(answers);
    return true;
  }

 private:
  bool take_frame(std::string& answers) {
    Bytes rest = as_bytes(received_);
    protocol::FrameHeader header;
    protocol::Failure failure;
    const auto status = protocol::decode_frame_header(rest, header, failure);
    check(status != protocol::DecodeStatus::fail);
    if (status != protocol::DecodeStatus::done || rest.size() < header.payload_length) return false;
    const auto size = static_cast<std::size_t>(header.payload_length);
    const std::string payload(as_text(rest.first(size)));
    received_.erase(0, received_.size() - rest.size() + size);
    check(!closed_);
    take(header, payload, answers);
    return true;
  }
  void take(const protocol::FrameHeader& header, const std::string& payload, std::string& answers) {
    if (header.opcode == FrameOpcode::close) {
      closed_ = true;
    } else if (header.opcode == FrameOpcode::ping) {
      answers += client_frame(FrameOpcode::pong, payload);
    } else {
      check((header.opcode == FrameOpcode::continuation) == in_message_);
      message_ += payload;
      in_message_ = !header.fin;
      if (header.fin) take_message(std::exchange(message_, {}), answers);
    }
  }
  void take_message(std::string message, std::string& answers) {
    if (is_page_) {
      const std::size_t end = message.find('\n');
      check(end != std::string::npos);
      const std::string line = message.substr(0, end);
      message.erase(0, end + 1);
      constexpr std::string_view mark = "[\"mark\",";
      if (line.starts_with(mark)) {
        const std::string number =
            line.substr(mark.size(), line.find_first_of(",]", mark.size()) - mark.size());
        answers += client_frame(FrameOpcode::text, "[\"ack\"," + number + "]");
      }
      if (line.starts_with("[\"part\"")) return take_part(line, message);
      if (!line.starts_with("[\"message\"")) return;
    }
    note(message);
  }
  void take_part(const std::string& line, const std::string& payload) {
    const std::string topic_and_key = line.substr(0, line.find(",1"));
    std::string& whole = parts_[topic_and_key];
    if (line.find(",0,") != std::string::npos && payload.find('|') != std::string::npos)
      whole.clear();
    whole += payload;
    if (payload.ends_with("end")) note(std::exchange(whole, {}));
  }
  void note(const std::string& message) {
    const std::size_t first = message.find('|');
    const std::size_t second = message.find('|', first + 1);
    if (second == std::string::npos) return;  // empty: a key is forgotten
    std::uint64_t& latest = latest_[message.substr(0, second)];
    const std::uint64_t number = std::stoull(message.substr(second + 1));
    check(!is_ordered_ || number > latest);
    latest = number;
  }

  const bool is_page_;
  std::unique_ptr<transport::MemoryPeer> peer_;
  std::string received_;
  std::string message_;
  bool in_message_ = false;
  bool closed_ = false;
  bool is_ordered_ = true;
  std::map<std::string, std::uint64_t> latest_;
  std::map<std::string, std::string> parts_;
};

class Scene {
 public:
  Scene() {
    ServerOptions options;
    options.topics = {"#"};
    options.publishable = {"a/#"};
    options.max_subscriptions = 4;
    options.max_queued_bytes = 1u << 20;
    options.logger = [](LogLevel, std::string_view) {};
    ServerHandlers handlers;
    handlers.open = [this](Connection& connection) { connections_.push_back(&connection); };
    handlers.release = [this](Connection& connection) { std::erase(connections_, &connection); };
    handlers.drop = [this](Connection& connection, std::string_view topic, std::size_t count) {
      check(count > 0);
      if (resubscribes_) {
        (void)core_->subscribe(connection, topic, {TopicPolicy::resync, 3000, {}, {}, {}});
      }
    };
    handlers.publication = [this](Connection&, std::string_view topic, std::string_view, Opcode) {
      check(protocol::takes("a/#", topic));
      publish(topic, "", 10, {});
    };
    core_ =
        std::make_unique<endpoint::ServerCore>(turn_end_, std::move(options), std::move(handlers));
    check(core_->listen(9000).ok());
  }
  ~Scene() {
    core_->stop(true);
    viewers_.clear();
    loop_->advance(std::chrono::hours(1));
    loop_->run_until_idle();
    check(core_->group().output_budget()->used() == 0);
    core_.reset();
  }

  void play(Input& input) {
    while (!input.empty()) {
      step(input);
      loop_->run_until_idle();
    }
    settle();
  }

 private:
  void step(Input& input) {
    switch (input.byte() % 12) {
      case 0:
        return open(input.byte() % 2 == 1);
      case 1:
        return subscribe(input);
      case 2:
        return unsubscribe(input);
      case 3:
      case 4: {
        const std::uint8_t what = input.byte();
        PublishOptions options;
        options.key = keys[what / 8 % keys.size()];
        options.retain = what % 8 == 1;
        return publish(topics[what % topics.size()], options.key, input.byte() * 4u, options);
      }
      case 5:
        return publish(topics[input.byte() % topics.size()], "", 70'000, {});
      case 6:
        if (Viewer* const viewer = choose(input)) viewer->peer().set_window(input.byte() * 64u);
        return;
      case 7:
        if (Viewer* const viewer = choose(input)) (void)viewer->read();
        return;
      case 8:
        return loop_->advance(std::chrono::milliseconds(input.byte() * 4));
      case 9:
        return say(input);
      case 10:
        return leave(input);
      default:
        return set_topic(input);
    }
  }

  void open(bool is_page) {
    if (viewers_.size() >= 4) return;
    viewers_.push_back(std::make_unique<Viewer>(*loop_, is_page));
  }
  Viewer* choose(Input& input) {
    return viewers_.empty() ? nullptr : viewers_[input.byte() % viewers_.size()].get();
  }
  static SubscriptionOptions options_of(Input& input) {
    const std::uint8_t what = input.byte();
    SubscriptionOptions options;
    options.policy = static_cast<TopicPolicy>(what % 5);
    if (what % 7 == 1) options.rate = 10;
    options.priority = what % 8;
    options.max_queued = 1 + input.byte() * 16u;
    return options;
  }
  void subscribe(Input& input) {
    if (connections_.empty()) return;
    Connection& connection = *connections_[input.byte() % connections_.size()];
    const auto name = subscriptions[input.byte() % subscriptions.size()];
    const SubscriptionOptions options = options_of(input);
    (void)core_->subscribe(connection, name, options);
    for (const auto& viewer : viewers_) viewer->note_subscribed_again();
  }
  void unsubscribe(Input& input) {
    if (connections_.empty()) return;
    Connection& connection = *connections_[input.byte() % connections_.size()];
    (void)core_->unsubscribe(connection, subscriptions[input.byte() % subscriptions.size()]);
  }
  void publish(std::string_view topic, std::string_view key, std::size_t size,
               const PublishOptions& options) {
    std::string data = std::string(topic).append("|").append(key);
    latest_[data] = ++number_;
    data.append("|").append(std::to_string(number_)).append("|").append(size, 'x').append("end");
    (void)core_->publish(topic, data, Opcode::text, options);
  }
  void say(Input& input) {
    Viewer* const viewer = choose(input);
    if (!viewer || !viewer->is_page()) return;
    const std::uint8_t what = input.byte();
    const std::string_view name = subscriptions[what % subscriptions.size()];
    std::string said(input.text(what / 8));
    if (what % 4 == 0) said = "[\"subscribe\",\"" + std::string(name) + "\"," + said + "]";
    if (what % 4 == 1)
      said = "[\"subscribe\",\"" + std::string(name) + "\",{\"policy\":\"latest\"}]";
    if (what % 4 == 2) said = "[\"publish\",\"" + std::string(name) + "\"]\n" + said;
    viewer->note_subscribed_again();
    viewer->peer().send(client_frame(FrameOpcode::binary, said));
  }
  void leave(Input& input) {
    if (viewers_.empty()) return;
    const std::size_t index = input.byte() % viewers_.size();
    input.byte() % 2 ? viewers_[index]->peer().reset()
                     : viewers_[index]->peer().send(client_frame(FrameOpcode::close, "\x03\xE8"));
    viewers_.erase(viewers_.begin() + static_cast<std::ptrdiff_t>(index));
  }
  void set_topic(Input& input) {
    const auto name = subscriptions[input.byte() % subscriptions.size()];
    resubscribes_ = input.byte() % 2 == 1;
    (void)core_->set_topic(name, {options_of(input), 2000, 2});
  }

  // All may read now: who has a subscription from now on has the newest of everything in the end.
  void settle() {
    for (const auto& viewer : viewers_) {
      viewer->peer().set_window(100u << 20);
      viewer->note_subscribed_again();
      (void)viewer->read();
    }
    acknowledge();
    for (Connection* const connection : std::vector<Connection*>(connections_)) {
      for (const auto name : subscriptions) (void)core_->unsubscribe(*connection, name);
      (void)core_->subscribe(*connection, "#", {TopicPolicy::latest, 1u << 20, 0.0, 4, {}});
    }
    for (const auto& [topic_and_key, number] : std::map(latest_)) {
      const std::size_t end = topic_and_key.find('|');
      const std::string key = topic_and_key.substr(end + 1);
      publish(topic_and_key.substr(0, end), key, 100, {key, false, true});
    }
    acknowledge();
    loop_->advance(std::chrono::minutes(1));
    acknowledge();
    for (const auto& viewer : viewers_) {
      if (viewer->has_ended()) continue;
      for (const auto& [topic_and_key, number] : latest_) {
        check(viewer->latest_of(topic_and_key) == number);
      }
    }
  }
  void acknowledge() {
    bool goes_on = true;
    while (goes_on) {
      loop_->run_until_idle();
      goes_on = false;
      for (const auto& viewer : viewers_) goes_on |= viewer->read();
    }
  }

  std::unique_ptr<transport::MemoryLoop> loop_ = transport::MemoryLoop::make();
  endpoint::TurnEnd turn_end_{*loop_};
  std::unique_ptr<endpoint::ServerCore> core_;
  std::vector<Connection*> connections_;
  std::vector<std::unique_ptr<Viewer>> viewers_;
  std::map<std::string, std::uint64_t> latest_;  // number of each topic and key
  std::uint64_t number_ = 0;
  bool resubscribes_ = true;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, std::min<std::size_t>(size, 400));
  Scene scene;
  scene.play(input);
  return 0;
}
