// Encrypts for programs that speak no TLS: each connection that comes to its port goes on to a
// server's port over TLS, whatever certificate that has, with a handshake of its own.
//
// bench_tls_relay <server's port>; prints "port N".
#include "transport/loop.h"
#include "transport/tls_context.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <list>
#include <memory>
#include <string>
#include <utility>

namespace {

using namespace simws;
using transport::Stream;

class Pair;

// One of the two ends of a connection: what it reads goes to the other.
class End final : private transport::StreamHandler {
 public:
  End(Pair& pair, std::unique_ptr<Stream> stream) : pair_(pair), stream_(std::move(stream)) {
    stream_->set_handler(this);
  }
  void start(End& other) {
    other_ = &other;
    stream_->start_reading();
  }

 private:
  void on_data(MutableBytes data) override { other_->send(data); }
  void on_end(bool lost, std::string reason) override;
  void on_writable() override { flush(); }

  void send(Bytes data) {
    waiting_.append(as_text(data));
    flush();
  }
  void flush() {
    const Bytes bytes = as_bytes(waiting_);
    waiting_.erase(0, stream_->write({&bytes, 1}));
    other_->set_reading(waiting_.empty());
  }
  void set_reading(bool reads) {
    if (std::exchange(is_reading_, reads) == reads) return;
    reads ? stream_->start_reading() : stream_->stop_reading();
  }

  Pair& pair_;
  std::unique_ptr<Stream> stream_;
  End* other_ = nullptr;
  std::string waiting_;
  bool is_reading_ = true;
};

class Relay {
 public:
  Relay(transport::Loop& loop, int port) : loop_(loop), server_{{127, 0, 0, 1}, {}, false} {
    server_.port = static_cast<std::uint16_t>(port);
  }

  int listen() {
    listener_ = loop_.listen("127.0.0.1", 0, [this](auto stream) { begin(std::move(stream)); });
    return listener_ ? (*listener_)->address().port : 0;
  }
  void forget(Pair& pair);

 private:
  void begin(std::unique_ptr<Stream> stream);

  transport::Loop& loop_;
  transport::Address server_;
  Result<std::unique_ptr<transport::Listener>> listener_{Error{}};
  std::list<std::unique_ptr<Pair>> pairs_;
};

class Pair {
 public:
  Pair(Relay& relay, transport::Loop& loop, const transport::Address& server,
       std::unique_ptr<Stream> plain)
      : relay_(relay),
        loop_(loop),
        plain_(*this, std::move(plain)),
        connecting_(loop.connect(server, [this](auto stream) { go_on(std::move(stream)); })) {}

  void end() {
    if (std::exchange(is_ended_, true)) return;
    loop_.post([this] { relay_.forget(*this); });
  }

 private:
  // A context for each: no tickets make the next handshake cheaper.
  void go_on(Result<std::unique_ptr<Stream>> stream) {
    if (!stream) return end();
    transport::TlsClientOptions options;
    options.ca = std::getenv("BENCH_CERTIFICATE");
    options.verify = false;
    auto made = transport::TlsClient::make(loop_, options, nullptr);
    if (!made) return end();
    context_ = std::move(*made);
    encrypted_ = std::make_unique<End>(*this, context_->connect(std::move(*stream), "localhost"));
    encrypted_->start(plain_);
    plain_.start(*encrypted_);
  }

  Relay& relay_;
  transport::Loop& loop_;
  End plain_;
  std::unique_ptr<transport::Connecting> connecting_;
  std::unique_ptr<transport::TlsClient> context_;
  std::unique_ptr<End> encrypted_;
  bool is_ended_ = false;
};

void End::on_end(bool, std::string) {
  pair_.end();
}

void Relay::begin(std::unique_ptr<Stream> stream) {
  pairs_.push_back(std::make_unique<Pair>(*this, loop_, server_, std::move(stream)));
}

void Relay::forget(Pair& pair) {
  pairs_.remove_if([&](const auto& each) { return each.get() == &pair; });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !std::getenv("BENCH_CERTIFICATE")) {
    std::fprintf(stderr, "usage: BENCH_CERTIFICATE=file bench_tls_relay <server's port>\n");
    return 2;
  }
  const auto loop = transport::make_loop();
  Relay relay(*loop, std::atoi(argv[1]));
  std::printf("port %d\n", relay.listen());
  std::fflush(stdout);
  loop->run();
}
