// The asynchronous server with Boost.Beast at its best: one thread, a plain socket whose executor
// is known when it's compiled, and each message in one frame, which Beast otherwise splits at 4
// KiB.
#include "peers/arguments.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <deque>
#include <memory>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;

using Executor = asio::io_context::executor_type;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using TlsStream = asio::ssl::stream<Socket>;
using Shared = std::shared_ptr<const std::string>;

class Listener {
 public:
  virtual ~Listener() = default;
  virtual void queue(const Shared& message) = 0;
};

struct Server {
  bench::Role role;
  asio::ssl::context tls{asio::ssl::context::tls_server};
  std::unordered_set<Listener*> sessions = {};
};

// Stream: what is below WebSocket, a socket or TLS.
template <typename Stream>
class Session : public Listener, public std::enable_shared_from_this<Session<Stream>> {
 public:
  template <typename... Below>
  explicit Session(Server& server, Below&&... below)
      : server_(server), stream_(std::forward<Below>(below)...) {
    stream_.set_option(websocket::stream_base::timeout::suggested(beast::role_type::server));
    websocket::permessage_deflate deflate;
    deflate.server_enable = server.role == bench::Role::deflate;
    stream_.set_option(deflate);
    stream_.auto_fragment(false);
    stream_.read_message_max(bench::largest_message);
  }
  ~Session() override { server_.sessions.erase(this); }

  void start() {
    if constexpr (std::is_same_v<Stream, Socket>) {
      accept();
    } else {
      stream_.next_layer().async_handshake(
          asio::ssl::stream_base::server,
          [self = this->shared_from_this()](beast::error_code error) {
            if (!error) self->accept();
          });
    }
  }

  void queue(const Shared& message) override {
    queue_.push_back(message);
    if (queue_.size() == 1) write_next();
  }

 private:
  void accept() {
    stream_.async_accept([self = this->shared_from_this()](beast::error_code error) {
      if (error) return;
      self->server_.sessions.insert(self.get());
      self->read();
    });
  }

  void read() {
    stream_.async_read(
        buffer_, [self = this->shared_from_this()](beast::error_code error, std::size_t) {
          if (error) return self->leave();
          self->server_.role == bench::Role::fan_out ? self->pass_on() : self->echo();
        });
  }

  void echo() {
    stream_.text(stream_.got_text());
    stream_.async_write(buffer_.data(),
                        [self = this->shared_from_this()](beast::error_code error, std::size_t) {
                          if (error) return self->leave();
                          self->buffer_.consume(self->buffer_.size());
                          self->read();
                        });
  }

  void pass_on() {
    const auto message = std::make_shared<const std::string>(
        static_cast<const char*>(buffer_.data().data()), buffer_.size());
    buffer_.consume(buffer_.size());
    for (Listener* const session : server_.sessions) session->queue(message);
    read();
  }

  void write_next() {
    stream_.text(true);
    stream_.async_write(asio::buffer(*queue_.front()),
                        [self = this->shared_from_this()](beast::error_code error, std::size_t) {
                          if (error) return self->leave();
                          self->queue_.pop_front();
                          if (!self->queue_.empty()) self->write_next();
                        });
  }

  void leave() { server_.sessions.erase(this); }

  Server& server_;
  websocket::stream<Stream> stream_;
  beast::flat_buffer buffer_;
  std::deque<Shared> queue_;
};

void accept_next(Acceptor& acceptor, Server& server) {
  acceptor.async_accept([&](beast::error_code error, Socket socket) {
    if (!error) {
      socket.set_option(tcp::no_delay(true));
      if (server.role == bench::Role::tls) {
        std::make_shared<Session<TlsStream>>(server, std::move(socket), server.tls)->start();
      } else {
        std::make_shared<Session<Socket>>(server, std::move(socket))->start();
      }
    }
    accept_next(acceptor, server);
  });
}

}  // namespace

int main(int argc, char** argv) {
  const bench::PeerArguments arguments = bench::peer_arguments(argc, argv);
  Server server{arguments.role};
  if (server.role == bench::Role::tls) {
    server.tls.use_certificate_chain_file(bench::certificate_file());
    server.tls.use_private_key_file(bench::certificate_file(), asio::ssl::context::pem);
  }
  asio::io_context context{1};
  const auto port = static_cast<unsigned short>(arguments.port);
  Acceptor acceptor{context, {asio::ip::address_v4::loopback(), port}};
  accept_next(acceptor, server);
  bench::print_port(acceptor.local_endpoint().port());
  context.run();
}
