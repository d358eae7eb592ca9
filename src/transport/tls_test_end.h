// One end of TLS in tests, over a connection in memory whose other end the test holds.
#pragma once

#include "transport/memory.h"
#include "transport/tls_context.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::transport {

// Notes what it's told; `then` runs inside.
class TlsEnd final : public StreamHandler {
 public:
  using Wrap = std::function<std::unique_ptr<Stream>(std::unique_ptr<Stream>)>;

  TlsEnd(MemoryLoop& loop, const Wrap& wrap) : loop_(loop) {
    auto listener = loop.listen("127.0.0.1", 0, [&](std::unique_ptr<Stream> accepted) {
      stream = wrap(std::move(accepted));
      stream->set_handler(this);
    });
    wire = loop.connect((*listener)->address().port);
    loop.run_until_idle();
  }

  void on_data(MutableBytes data) override {
    received += as_text(data);
    std::fill(data.begin(), data.end(), std::byte{0});
    note("data");
  }
  void on_end(bool lost, std::string reason) override {
    EXPECT_EQ(lost, !reason.empty());
    loss += reason;
    note(lost ? "lost" : "end");
  }
  void on_writable() override { note("writable"); }

  std::size_t write(std::string_view text) {
    const Bytes piece = as_bytes(text);
    const std::size_t taken = stream->write({&piece, 1});
    loop_.run_until_idle();
    return taken;
  }
  void start() {
    stream->start_reading();
    loop_.run_until_idle();
  }
  // Gives it what came on the wire, at most so much at once.
  void feed(std::string_view bytes, std::size_t portion = everything) {
    while (!bytes.empty()) {
      wire->send(bytes.substr(0, portion));
      loop_.run_until_idle();
      bytes.remove_prefix(std::min(portion, bytes.size()));
    }
  }
  bool is_open() const { return stream && stream->tls().has_value(); }
  std::size_t count(std::string_view event) const {
    return static_cast<std::size_t>(std::count(events.begin(), events.end(), event));
  }

  static constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();

  std::unique_ptr<Stream> stream;
  std::unique_ptr<MemoryPeer> wire;
  std::string received;
  std::string loss;
  std::vector<std::string> events;
  std::function<void()> then = [] {};

 private:
  void note(const char* event) {
    events.emplace_back(event);
    const auto now = then;
    now();
  }

  MemoryLoop& loop_;
};

// Lets two ends have what the other has written, until there's nothing more.
inline void relay(TlsEnd& one, TlsEnd& other, std::size_t portion = TlsEnd::everything) {
  for (;;) {
    const std::string to_other = one.wire->take();
    const std::string to_one = other.wire->take();
    if (to_other.empty() && to_one.empty()) return;
    other.feed(to_other, portion);
    one.feed(to_one, portion);
  }
}

}  // namespace simws::transport
