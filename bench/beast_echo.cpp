// The asynchronous echo server as it's usually written with Boost.Beast: one thread, no
// compression, a tcp_stream. With `tuned` as second argument: a plain socket whose executor is
// known when it's compiled, and each message in one frame, which Beast otherwise splits at 4 KiB.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;

struct Usual {
  using Acceptor = tcp::acceptor;
  using Socket = tcp::socket;
  using Stream = beast::tcp_stream;
  static constexpr bool auto_fragment = true;
};

struct Tuned {
  using Executor = asio::io_context::executor_type;
  using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
  using Socket = asio::basic_stream_socket<tcp, Executor>;
  using Stream = Socket;
  static constexpr bool auto_fragment = false;
};

template <typename Kind>
class Session : public std::enable_shared_from_this<Session<Kind>> {
 public:
  explicit Session(typename Kind::Socket&& socket) : stream_(std::move(socket)) {
    stream_.set_option(websocket::stream_base::timeout::suggested(beast::role_type::server));
    stream_.auto_fragment(Kind::auto_fragment);
  }

  void start() {
    stream_.async_accept([self = this->shared_from_this()](beast::error_code error) {
      if (!error) self->read();
    });
  }

 private:
  void read() {
    stream_.async_read(buffer_,
                       [self = this->shared_from_this()](beast::error_code error, std::size_t) {
                         if (!error) self->write();
                       });
  }

  void write() {
    stream_.text(stream_.got_text());
    stream_.async_write(buffer_.data(),
                        [self = this->shared_from_this()](beast::error_code error, std::size_t) {
                          if (error) return;
                          self->buffer_.consume(self->buffer_.size());
                          self->read();
                        });
  }

  websocket::stream<typename Kind::Stream> stream_;
  beast::flat_buffer buffer_;
};

template <typename Kind>
void accept_next(typename Kind::Acceptor& acceptor) {
  acceptor.async_accept([&acceptor](beast::error_code error, typename Kind::Socket socket) {
    if (!error) {
      socket.set_option(tcp::no_delay(true));
      std::make_shared<Session<Kind>>(std::move(socket))->start();
    }
    accept_next<Kind>(acceptor);
  });
}

template <typename Kind>
void serve(unsigned short port) {
  asio::io_context context{1};
  typename Kind::Acceptor acceptor{context, {asio::ip::address_v4::loopback(), port}};
  accept_next<Kind>(acceptor);
  context.run();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: beast_echo <port> [tuned]\n");
    return 2;
  }
  const auto port = static_cast<unsigned short>(std::atoi(argv[1]));
  const bool tuned = argc > 2 && std::string_view{argv[2]} == "tuned";
  tuned ? serve<Tuned>(port) : serve<Usual>(port);
}
