// Clients that read what comes and answer pings.
#pragma once

#include "host/load/failure.h"
#include "host/load/message_reader.h"
#include "host/load/opening.h"
#include "host/load/poller.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

struct Viewer {
  simws::load::Connection connection;
  simws::load::MessageReader reader = {};
  std::size_t messages = 0;  // for who counts them
};

// All of the server on this machine's `port`, at `path`. `take(Viewer&)` is called for each
// message, which is its reader's.
template <typename Take>
class Viewers {
 public:
  Viewers(int port, const std::string& path, std::size_t most, Take take)
      : options_(options(port, path)), target_(options_), take_(std::move(take)) {
    viewers_.reserve(most);
  }

  std::size_t size() const { return viewers_.size(); }

  // One that doesn't read has small buffers, which fill. REQUIRES: there are fewer than `most`.
  void add(bool reads = true) {
    auto [connection, opening] = simws::load::open_connection(target_, {0, !reads});
    viewers_.push_back({std::move(connection)});
    Viewer& viewer = viewers_.back();
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

  static simws::load::LoadOptions options(int port, const std::string& path) {
    simws::load::LoadOptions options;
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
    while (viewer.reader.next()) take_(viewer);
    const std::string pongs = viewer.reader.take_pongs();
    if (!pongs.empty()) viewer.connection.queue_copy(pongs);
  }

  const simws::load::LoadOptions options_;
  simws::load::Target target_;
  Take take_;
  simws::load::Poller poller_;
  std::vector<char> buffer_ = std::vector<char>(1u << 20);
  std::vector<Viewer> viewers_;
};

}  // namespace bench
