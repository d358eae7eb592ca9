// A server that a script plays, and the client that talks to it, on a network in memory: what the
// client tells and sends, however the server's bytes are portioned.
#pragma once

#include "check.h"
#include "endpoint/client_core.h"
#include "endpoint/test_visit.h"
#include "protocol/scripted_random_test.h"
#include "transport/memory.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::fuzz {

// What happens next, in the order of the script.
struct Step {
  enum class Kind : std::uint8_t {
    bytes,       // the server sends them
    accept_key,  // it sends that which the latest request asks for
    turn,        // what comes next goes to whom the client has come to meanwhile
    finish,
    reset,
    wait,   // three seconds
    sleep,  // forty
    send,   // the application does
    close,
    disconnect,
  };
  Kind kind = Kind::bytes;
  std::string bytes;
};
using Steps = std::vector<Step>;

constexpr std::uint8_t mark = 0xF5;                 // in no UTF-8; a letter behind it is a step
constexpr std::string_view letters = "-knfrwSscd";  // by the kind of step

// Anything is a script.
inline Steps parse_steps(std::string_view text) {
  Steps steps;
  while (!text.empty()) {
    const bool marked = static_cast<std::uint8_t>(text[0]) == mark && text.size() > 1;
    const std::size_t kind = marked ? letters.find(text[1], 1) : std::string_view::npos;
    if (kind != std::string_view::npos) {
      steps.push_back({static_cast<Step::Kind>(kind), {}});
      text.remove_prefix(2);
      continue;
    }
    if (steps.empty() || steps.back().kind != Step::Kind::bytes) steps.emplace_back();
    steps.back().bytes += text[0];
    text.remove_prefix(1);
  }
  return steps;
}

struct Settings {
  enum Flag : std::uint8_t {
    reconnects = 1,
    keeps_queue = 2,
    uses_proxy = 4,
    echoes = 8,
    closes_when_open = 16,
    disconnects_at_message = 32,
    takes_little = 64,
    disconnects_at_fail = 128,
  };
  std::uint8_t flags = 0;
  std::size_t failing_operation = 0;

  bool has(Flag flag) const { return (flags & flag) != 0; }
};

// How the server's bytes come: cut behind each `every` bytes, or once, behind the first `at`.
struct Cut {
  std::size_t every = std::string::npos;
  std::size_t at = std::string::npos;
};

using Words = std::vector<std::string>;

// What a server understands of a client's frames; all of it must be right.
class FrameReader final : private protocol::SessionHandler {
 public:
  static Words read(std::string frames) {
    FrameReader reader;
    reader.session_.receive(as_mutable_bytes(frames), reader);
    return std::move(reader.words_);
  }

 private:
  void on_message(Opcode opcode, Bytes message) override {
    words_.push_back((opcode == Opcode::text ? "text " : "binary ") +
                     std::string(as_text(message)));
  }
  void on_ping(Bytes) override { words_.emplace_back("ping"); }
  void on_pong(Bytes payload) override {
    words_.push_back("pong " + std::string(as_text(payload)));
  }
  void on_close(CloseCode code, std::string_view) override {
    words_.push_back("close " + std::to_string(static_cast<int>(code)));
  }
  void on_failure(const protocol::Failure&) override { check(false); }

  protocol::Session session_{protocol::Role::server, 1 << 20};
  Words words_;
};

// What is told of one connection keeps the contract's order.
class ToldOrder {
 public:
  void open() { go(State::unknown, State::open); }
  void fail() { go(State::unknown, State::over); }
  void message() { check(state_ == State::open); }
  void close() { go(State::open, State::over); }
  void release() {
    check(state_ == State::open || state_ == State::over);
    state_ = State::released;
  }

 private:
  enum class State : std::uint8_t { unknown, open, over, released };
  void go(State from, State to) {
    check(state_ == from);
    state_ = to;
  }
  State state_ = State::unknown;
};

class PlayedWorld {
 public:
  PlayedWorld(const Settings& settings, Cut cut) : settings_(settings), cut_(cut) {
    listener_ = loop_
                    ->listen("127.0.0.1", port,
                             [this](auto stream) {
                               visits_.push_back(
                                   std::make_unique<endpoint::test::Visit>(std::move(stream)));
                             })
                    .value();
    loop_->fail_operation(settings.failing_operation);
    core_ = std::make_unique<endpoint::ClientCore>(*parts_, destination(), options(), handlers());
    core_->start();
    loop_->run_until_idle();
  }

  void play(const Steps& steps) {
    for (const Step& step : steps) {
      take(step);
      loop_->run_until_idle();
      check(core_->info().state != ClientState::open || core_->info().attempts > 0);
    }
  }

  // The client stops, and all of it has gone. What it has told, and sent.
  Words end() {
    loop_->fail_operation(0);
    core_->stop(true);
    bool finished = false;
    core_->on_finished([&] { finished = true; });
    loop_->run_until_idle();
    advance(60);
    check(finished);
    check(core_->group().gate().total() == 0 && core_->info().queued_bytes == 0);
    check(core_->info().state == ClientState::closed && !core_->connection());
    add_sent();
    return std::move(told_);
  }

 private:
  static constexpr std::uint16_t port = 9000;

  endpoint::Destination destination() const {
    endpoint::Destination destination;
    destination.uri = protocol::parse_uri("ws://me:word@127.0.0.1:9000/arm?joint=1").value();
    if (settings_.has(Settings::uses_proxy)) {
      destination.proxy = protocol::parse_proxy("http://a:b@127.0.0.1:9000").value();
    }
    return destination;
  }

  ClientOptions options() const {
    ClientOptions options;
    options.subprotocols = {"v2", "v1"};
    if (settings_.has(Settings::reconnects)) {
      options.reconnect = Reconnect{Seconds{1}, Seconds{8}, 2, 0, 4};
    }
    options.keep_queue = settings_.has(Settings::keeps_queue);
    if (settings_.has(Settings::takes_little)) options.max_message_size = 100;
    if (settings_.has(Settings::takes_little)) options.max_queued_bytes = 400;
    options.logger = [](LogLevel, std::string_view) {};
    return options;
  }

  std::shared_ptr<const ClientHandlers> handlers() {
    ClientHandlers handlers;
    handlers.open = [this](Connection& connection) {
      orders_[&connection].open();
      tell("open " + connection.info().subprotocol);
      if (settings_.has(Settings::closes_when_open)) (void)connection.close();
    };
    handlers.fail = [this](Connection& connection) {
      orders_[&connection].fail();
      check(!connection.info().error.empty());
      tell("fail " + connection.info().error);
      if (settings_.has(Settings::disconnects_at_fail)) core_->stop(true);
    };
    handlers.close = [this](Connection& connection) {
      orders_[&connection].close();
      const ConnectionInfo info = connection.info();
      tell("close " + std::to_string(static_cast<int>(*info.close_code)) + info.close_reason);
      check(!*connection.send("late"));
    };
    handlers.message = [this](Connection& connection, std::string_view data, Opcode opcode) {
      orders_[&connection].message();
      tell("message " + std::string(data));
      if (settings_.has(Settings::echoes)) (void)connection.send(data, opcode);
      if (settings_.has(Settings::disconnects_at_message)) core_->stop(true);
    };
    handlers.release = [this](Connection& connection) {
      orders_[&connection].release();
      orders_.erase(&connection);
    };
    return std::make_shared<const ClientHandlers>(std::move(handlers));
  }

  void tell(std::string word) { told_.push_back(std::move(word)); }
  void advance(int seconds) { loop_->advance(std::chrono::seconds(seconds)); }

  void take(const Step& step) {
    using Kind = Step::Kind;
    switch (step.kind) {
      case Kind::bytes:
        return with_visit([&](auto& visit) { send(visit, step.bytes); });
      case Kind::accept_key:
        return with_visit([&](auto& visit) {
          send(visit, protocol::accept_key(visit.field("Sec-WebSocket-Key")));
        });
      case Kind::turn:
        return;
      case Kind::finish:
        return with_visit([](auto& visit) { visit.finish(); });
      case Kind::reset:
        return with_visit([](auto& visit) { visit.reset(); });
      case Kind::wait:
        return advance(3);
      case Kind::sleep:
        return advance(40);
      case Kind::send:
        return (void)core_->send("application's", Opcode::text);
      case Kind::close:
        if (Connection* const open = core_->connection()) (void)open->close();
        return;
      case Kind::disconnect:
        return core_->stop(true);
    }
  }

  template <typename Work>
  void with_visit(const Work& work) {
    if (!visits_.empty()) work(*visits_.back());
  }

  // To this visit, though there may be another meanwhile.
  void send(endpoint::test::Visit& visit, std::string_view bytes) {
    while (!bytes.empty()) {
      std::size_t size = std::min(bytes.size(), cut_.every);
      if (sent_ < cut_.at) size = std::min(size, cut_.at - sent_);
      visit.send(bytes.substr(0, size));
      loop_->run_until_idle();
      bytes.remove_prefix(size);
      sent_ += size;
    }
  }

  // A request, and behind it nothing but frames.
  void add_sent() {
    for (const auto& visit : visits_) {
      std::string sent = visit->take();
      const std::size_t request = sent.find("GET /");
      tell("visit");
      if (request == std::string::npos) continue;
      const std::size_t end = sent.find("\r\n\r\n", request);
      if (end == std::string::npos) continue;
      for (std::string& word : FrameReader::read(sent.substr(end + 4))) tell(std::move(word));
    }
  }

  const Settings settings_;
  const Cut cut_;
  std::unique_ptr<transport::MemoryLoop> loop_ = transport::MemoryLoop::make();
  std::unique_ptr<endpoint::TurnEnd> turn_end_ = std::make_unique<endpoint::TurnEnd>(*loop_);
  std::unique_ptr<transport::Listener> listener_;
  protocol::test::CountingRandom random_;
  std::unique_ptr<endpoint::ClientParts> parts_ =
      std::make_unique<endpoint::ClientParts>(*turn_end_, random_);
  std::vector<std::unique_ptr<endpoint::test::Visit>> visits_;
  std::unique_ptr<endpoint::ClientCore> core_;
  std::map<Connection*, ToldOrder> orders_;
  Words told_;
  std::size_t sent_ = 0;  // by the server
};

}  // namespace simws::fuzz
