// The asynchronous client with Boost.Beast at its best, as beast_peer.cpp is its server:
// bench_beast_client <port> <role> <connections>.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;

using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<tcp, Executor>;

class Clients;

class Connection {
 public:
  Connection(Clients& clients, asio::io_context& context) : clients_(clients), stream_(context) {
    websocket::permessage_deflate deflate;
    deflate.client_enable = false;
    stream_.set_option(deflate);
    stream_.auto_fragment(false);
    stream_.read_message_max(65u << 20);
  }

  void connect(const tcp::endpoint& server);

 private:
  void open(const std::string& host);
  void read() {
    stream_.async_read(buffer_, [this](beast::error_code error, std::size_t) {
      if (!error) echo();
    });
  }
  void echo() {
    stream_.text(stream_.got_text());
    stream_.async_write(buffer_.data(), [this](beast::error_code error, std::size_t) {
      if (error) return;
      buffer_.consume(buffer_.size());
      read();
    });
  }

  Clients& clients_;
  websocket::stream<Socket> stream_;
  beast::flat_buffer buffer_;
};

class Clients {
 public:
  Clients(unsigned short port, std::size_t count)
      : server_(asio::ip::address_v4::loopback(), port), count_(count) {
    connections_.reserve(count);
  }

  void run() {
    connect_next();
    context_.run();
  }

  void connect_next() {
    if (connections_.size() == count_) return;
    connections_.push_back(std::make_unique<Connection>(*this, context_));
    connections_.back()->connect(server_);
  }

 private:
  asio::io_context context_{1};
  const tcp::endpoint server_;
  const std::size_t count_;
  std::vector<std::unique_ptr<Connection>> connections_;
};

void Connection::connect(const tcp::endpoint& server) {
  stream_.next_layer().async_connect(server, [this, server](beast::error_code error) {
    if (error) return;
    stream_.next_layer().set_option(tcp::no_delay(true));
    open("127.0.0.1:" + std::to_string(server.port()));
  });
}

void Connection::open(const std::string& host) {
  stream_.async_handshake(host, "/", [this](beast::error_code error) {
    if (error) return;
    clients_.connect_next();
    read();
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s <port> <role> <connections>\n", argv[0]);
    return 2;
  }
  const auto port = static_cast<unsigned short>(std::atoi(argv[1]));
  Clients(port, static_cast<std::size_t>(std::atol(argv[3]))).run();
}
