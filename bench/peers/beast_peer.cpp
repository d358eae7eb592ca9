// The asynchronous server with Boost.Beast at its best: one thread, a plain socket whose executor
// is known when it's compiled, and each message in one frame, which Beast otherwise splits at 4
// KiB.
#include "peers/arguments.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <deque>
#include <memory>
#include <string>
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
using Shared = std::shared_ptr<const std::string>;

class Session;

struct Server {
  bench::Role role;
  std::unordered_set<Session*> sessions;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Server& server, Socket&& socket) : server_(server), stream_(std::move(socket)) {
    stream_.set_option(websocket::stream_base::timeout::suggested(beast::role_type::server));
    websocket::permessage_deflate deflate;
    deflate.server_enable = server.role == bench::Role::deflate;
    stream_.set_option(deflate);
    stream_.auto_fragment(false);
    stream_.read_message_max(bench::largest_message);
  }
  ~Session() { server_.sessions.erase(this); }

  void start() {
    stream_.async_accept([self = shared_from_this()](beast::error_code error) {
      if (error) return;
      self->server_.sessions.insert(self.get());
      self->read();
    });
  }

  void queue(const Shared& message) {
    queue_.push_back(message);
    if (queue_.size() == 1) write_next();
  }

 private:
  void read() {
    stream_.async_read(buffer_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (error) return self->leave();
      self->server_.role == bench::Role::fan_out ? self->pass_on() : self->echo();
    });
  }

  void echo() {
    stream_.text(stream_.got_text());
    stream_.async_write(buffer_.data(),
                        [self = shared_from_this()](beast::error_code error, std::size_t) {
                          if (error) return self->leave();
                          self->buffer_.consume(self->buffer_.size());
                          self->read();
                        });
  }

  void pass_on() {
    const auto message = std::make_shared<const std::string>(
        static_cast<const char*>(buffer_.data().data()), buffer_.size());
    buffer_.consume(buffer_.size());
    for (Session* const session : server_.sessions) session->queue(message);
    read();
  }

  void write_next() {
    stream_.text(true);
    stream_.async_write(asio::buffer(*queue_.front()),
                        [self = shared_from_this()](beast::error_code error, std::size_t) {
                          if (error) return self->leave();
                          self->queue_.pop_front();
                          if (!self->queue_.empty()) self->write_next();
                        });
  }

  void leave() { server_.sessions.erase(this); }

  Server& server_;
  websocket::stream<Socket> stream_;
  beast::flat_buffer buffer_;
  std::deque<Shared> queue_;
};

void accept_next(Acceptor& acceptor, Server& server) {
  acceptor.async_accept([&](beast::error_code error, Socket socket) {
    if (!error) {
      socket.set_option(tcp::no_delay(true));
      std::make_shared<Session>(server, std::move(socket))->start();
    }
    accept_next(acceptor, server);
  });
}

}  // namespace

int main(int argc, char** argv) {
  const bench::PeerArguments arguments = bench::peer_arguments(argc, argv);
  Server server{arguments.role, {}};
  asio::io_context context{1};
  const auto port = static_cast<unsigned short>(arguments.port);
  Acceptor acceptor{context, {asio::ip::address_v4::loopback(), port}};
  accept_next(acceptor, server);
  bench::print_port(acceptor.local_endpoint().port());
  context.run();
}
