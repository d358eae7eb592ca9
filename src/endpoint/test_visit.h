// A connection that a client has made, as the server has it that a test plays.
#pragma once

#include "protocol/opening_handshake.h"
#include "transport/stream.h"
#include "transport/tls_context.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace simws::endpoint::test {

class Visit final : private transport::StreamHandler {
 public:
  explicit Visit(std::unique_ptr<transport::Stream> stream) : stream_(std::move(stream)) {
    stream_->set_handler(this);
    stream_->start_reading();
  }

  // Lost, when the client has gone.
  void send(std::string_view text) {
    const Bytes piece = as_bytes(text);
    stream_->write({&piece, 1});
  }
  // Behind this answer the stream is a TLS server's, as behind a proxy.
  void hand_over(transport::TlsServer& server, std::string_view text) {
    send(text);
    stream_->stop_reading();
    stream_ = server.accept(std::move(stream_));
    received_.clear();
    stream_->set_handler(this);
    stream_->start_reading();
  }
  void finish() { stream_->finish_writing(); }
  void reset() { stream_->reset(); }
  std::string take() { return std::exchange(received_, {}); }
  bool saw_end() const { return ended_; }

  // The value of a field of the request.
  std::string field(std::string_view name) const {
    const std::string start = "\r\n" + std::string(name) + ": ";
    const std::size_t at = received_.find(start);
    if (at == std::string::npos) return "";
    const std::size_t from = at + start.size();
    return received_.substr(from, received_.find("\r\n", from) - from);
  }
  // What opens the WebSocket it has asked for.
  std::string acceptance(std::string_view more = {}) const {
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: " +
           protocol::accept_key(field("Sec-WebSocket-Key")) + "\r\n" + std::string(more) + "\r\n";
  }
  // The request is done with.
  void accept(std::string_view more = {}) {
    const std::string answer = acceptance(more);
    take();
    send(answer);
  }

 private:
  void on_data(MutableBytes data) override { received_ += as_text(data); }
  void on_end(bool, std::string) override { ended_ = true; }
  void on_writable() override {}

  std::unique_ptr<transport::Stream> stream_;
  std::string received_;
  bool ended_ = false;
};

}  // namespace simws::endpoint::test
