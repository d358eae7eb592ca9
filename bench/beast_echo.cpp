// The asynchronous echo server as it's usually written with Boost.Beast: one thread, no
// compression. `whole` as second argument sends each message in one frame; Beast's default splits
// at 4 KiB.
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

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket&& socket, bool whole) : stream_(std::move(socket)) {
    beast::get_lowest_layer(stream_).socket().set_option(tcp::no_delay(true));
    stream_.set_option(websocket::stream_base::timeout::suggested(beast::role_type::server));
    if (whole) stream_.auto_fragment(false);
  }

  void start() {
    stream_.async_accept([self = shared_from_this()](beast::error_code error) {
      if (!error) self->read();
    });
  }

 private:
  void read() {
    stream_.async_read(buffer_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (!error) self->write();
    });
  }

  void write() {
    stream_.text(stream_.got_text());
    stream_.async_write(buffer_.data(),
                        [self = shared_from_this()](beast::error_code error, std::size_t) {
                          if (error) return;
                          self->buffer_.consume(self->buffer_.size());
                          self->read();
                        });
  }

  websocket::stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
};

void accept_next(tcp::acceptor& acceptor, bool whole) {
  acceptor.async_accept([&acceptor, whole](beast::error_code error, tcp::socket socket) {
    if (!error) std::make_shared<Session>(std::move(socket), whole)->start();
    accept_next(acceptor, whole);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: beast_echo <port> [whole]\n");
    return 2;
  }
  asio::io_context context{1};
  const auto port = static_cast<unsigned short>(std::atoi(argv[1]));
  tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), port}};
  accept_next(acceptor, argc > 2 && std::string_view{argv[2]} == "whole");
  context.run();
}
