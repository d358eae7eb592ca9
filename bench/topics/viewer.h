// Clients that read what comes and answer pings; by simws.topics.1 they acknowledge at once.
#pragma once

#include "host/load/batch.h"
#include "host/load/failure.h"
#include "host/load/message_reader.h"
#include "host/load/opening.h"
#include "host/load/poller.h"
#include "host/load/stamp.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

struct Viewer {
  simws::load::Connection connection;
  simws::load::MessageReader reader = {};
  // For who counts messages, and for who looks which number comes next.
  std::size_t messages = 0;
  std::size_t next = 0;
};

// All of the server on this machine's `port`, at `path`. `take(Viewer&, std::string_view)` is
// called for each message. With `subscribe`, a message of simws.topics.1, they say that first, and
// messages are those of topics that come in one piece.
template <typename Take>
class Viewers {
 public:
  Viewers(int port, const std::string& path, std::size_t most, Take take,
          std::string subscribe = {})
      : options_(options(port, path, !subscribe.empty())),
        target_(options_),
        take_(std::move(take)),
        subscribe_(std::move(subscribe)) {
    viewers_.reserve(most);
  }

  std::size_t size() const { return viewers_.size(); }

  // One that doesn't read has small buffers, which fill. REQUIRES: there are fewer than `most`.
  void add(bool reads = true) {
    auto [connection, opening] = simws::load::open_connection(target_, {0, !reads});
    viewers_.push_back({std::move(connection)});
    Viewer& viewer = viewers_.back();
    if (!subscribe_.empty()) say(viewer, subscribe_);
    viewer.connection.flush();
    if (!reads) return;
    receive(viewer, opening.early);
    poller_.add(viewer.connection.descriptor(), &viewer);
  }

  // Waits for what comes, so many seconds at the most.
  void read(double seconds) {
    for (const epoll_event& event : poller_.wait(seconds)) {
      read(*static_cast<Viewer*>(event.data.ptr));
    }
  }

 private:
  using Connection = simws::load::Connection;

  static simws::load::LoadOptions options(int port, const std::string& path, bool by_topics) {
    simws::load::LoadOptions options;
    if (by_topics) options.subprotocols = {"simws.topics.1"};
    options.uri = "ws://127.0.0.1:" + std::to_string(port) + path;
    return options;
  }

  void read(Viewer& viewer) {
    const auto received =
        viewer.connection.receive(buffer_, [&](std::string_view bytes) { receive(viewer, bytes); });
    if (received == Connection::Received::end || !viewer.reader.end().empty()) {
      simws::load::give_up("the server ended a connection that reads what comes");
    }
    viewer.connection.flush();
  }

  void receive(Viewer& viewer, std::string_view bytes) {
    viewer.reader.append(bytes);
    while (viewer.reader.next()) {
      subscribe_.empty() ? take_(viewer, viewer.reader.message()) : take_of_topics(viewer);
    }
    const std::string pongs = viewer.reader.take_pongs();
    if (!pongs.empty()) viewer.connection.queue_copy(pongs);
  }

  void take_of_topics(Viewer& viewer) {
    using Kind = simws::load::TopicsHeader::Kind;
    const std::string_view message = viewer.reader.message();
    const auto header = simws::load::topics_header_of(message);
    if (header.kind == Kind::mark) say(viewer, "[\"ack\"," + std::string(header.mark) + "]");
    if (header.kind == Kind::message) take_(viewer, message.substr(message.find('\n') + 1));
  }

  static void say(Viewer& viewer, std::string_view message) {
    constexpr std::uint8_t text_frame = 0x81;
    std::string wire;
    simws::load::append_masked_frame(wire, text_frame, message, 0);
    viewer.connection.queue_copy(wire);
  }

  const simws::load::LoadOptions options_;
  simws::load::Target target_;
  Take take_;
  const std::string subscribe_;
  simws::load::Poller poller_;
  std::vector<char> buffer_ = std::vector<char>(1u << 20);
  std::vector<Viewer> viewers_;
};

}  // namespace bench
