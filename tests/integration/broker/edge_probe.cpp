// For tests: an EdgeFeed whose events are lines of JSON on standard output. Arguments: its URL, the
// simulation's name, its own, and a file of authorities, which may be ''. Commands on standard
// input: `publish TOPIC TEXT`; `hold`, after which its handler of messages waits; `go`.
#include "base/json_text.h"
#include "broker/edge_feed.h"

#include <condition_variable>
#include <cstdio>
#include <iostream>
#include <mutex>
#include <string>

namespace {

using simws::JsonText;
using simws::broker::EdgeMessage;
using simws::broker::EdgeStatus;

class Gate {
 public:
  void set(bool is_open) {
    const std::lock_guard lock(mutex_);
    is_open_ = is_open;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return is_open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = true;
};

void print(JsonText& text) {
  std::puts(text.end_object().get().c_str());
  std::fflush(stdout);
}

void print_message(const EdgeMessage& message) {
  JsonText text;
  text.begin_object().member("event", "message");
  text.member("topic", message.topic).member("key", message.key);
  text.member("opcode", message.opcode == simws::Opcode::text ? "text" : "binary");
  text.member("size", message.data.size()).member("data", message.data.substr(0, 100));
  text.member("retain", message.retain).member("forget", message.forget);
  text.member("epoch", message.epoch).member("sequence", message.sequence);
  text.member("time", message.time);
  print(text);
}

void print_status(const EdgeStatus& status) {
  JsonText text;
  text.begin_object().member("event", "status").member("connected", status.is_connected);
  text.member("server", status.server).member("problem", status.problem);
  text.member("held", status.is_held).member("holder", status.holder);
  text.member("epoch", status.epoch).name("round_trip");
  status.round_trip ? text.number(status.round_trip->count()) : text.null();
  print(text);
}

void print_flag(const char* event, const char* name, bool value) {
  JsonText text;
  text.begin_object().member("event", event).member(name, value);
  print(text);
}

void obey(simws::broker::EdgeFeed& feed, Gate& gate) {
  std::string word;
  while (std::cin >> word) {
    if (word == "hold" || word == "go") {
      gate.set(word == "go");
      print_flag("gate", "open", word == "go");
    }
    if (word != "publish") continue;
    std::string topic;
    std::string data;
    std::cin >> topic >> data;
    const bool is_gone =
        feed.publish_in(R"({"address":"::1","connection":7})", topic, data, simws::Opcode::text);
    print_flag("published", "done", is_gone);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) return 2;
  Gate gate;
  simws::BrokerOptions options;
  options.url = arguments[1];
  options.ca = arguments[4];
  simws::broker::EdgeHandlers handlers;
  handlers.message = [&](const EdgeMessage& message) {
    gate.pass();
    print_message(message);
  };
  handlers.status = print_status;
  handlers.caught_up = [] { print_flag("caught_up", "done", true); };
  auto feed =
      simws::broker::EdgeFeed::start(options, arguments[2], arguments[3], std::move(handlers));
  if (!feed) {
    std::fprintf(stderr, "%s\n", feed.error().message.c_str());
    return 1;
  }
  obey(**feed, gate);
  gate.set(true);
  return 0;
}
