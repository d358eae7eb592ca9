// A server by Boost.Beast: beast_server PORT. What it does with orders says servers.py beside it.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using Stream = websocket::stream<tcp::socket>;

// `text` follows a word and a space.
unsigned long number_in(const std::string& text) {
  return std::strtoul(text.c_str() + text.find(' '), nullptr, 10);
}

void send_fragments(Stream& stream, unsigned long count) {
  stream.text(true);
  for (unsigned long i = 0; i < count; ++i) {
    const std::string part = std::to_string(i) + " ";
    stream.write_some(i + 1 == count, asio::buffer(part));
  }
}

// False: the connection is over.
bool obey(Stream& stream, const std::string& order) {
  if (order == "/drop") {
    stream.next_layer().set_option(asio::socket_base::linger(true, 0));
    stream.next_layer().close();
    return false;
  }
  if (order == "/ping") stream.ping("there?");
  if (order.starts_with("/fragments ")) send_fragments(stream, number_in(order));
  if (!order.starts_with("/close ")) return true;
  const auto code = static_cast<std::uint16_t>(number_in(order));
  stream.close({websocket::close_code(code), "as ordered"});
  return false;
}

void accept_socket(Stream& stream) {
  beast::flat_buffer buffer;
  beast::http::request<beast::http::string_body> request;
  beast::http::read(stream.next_layer(), buffer, request);
  const bool chooses =
      request["Sec-WebSocket-Protocol"].find("robot.v1") != beast::string_view::npos;
  stream.set_option(websocket::stream_base::decorator([chooses](websocket::response_type& answer) {
    if (chooses) answer.set(beast::http::field::sec_websocket_protocol, "robot.v1");
  }));
  stream.accept(request);
}

void serve(tcp::socket socket) {
  Stream stream(std::move(socket));
  stream.read_message_max(0);
  websocket::permessage_deflate deflate;
  deflate.server_enable = true;
  stream.set_option(deflate);
  accept_socket(stream);
  stream.control_callback([&](websocket::frame_type kind, beast::string_view payload) {
    if (kind != websocket::frame_type::pong) return;
    stream.text(true);
    stream.write(asio::buffer("pong " + std::string(payload)));
  });
  for (beast::flat_buffer buffer;; buffer.consume(buffer.size())) {
    stream.read(buffer);
    const std::string order = stream.got_text() ? beast::buffers_to_string(buffer.data()) : "";
    if (order.starts_with('/')) {
      if (!obey(stream, order)) return;
      continue;
    }
    stream.text(stream.got_text());
    stream.write(buffer.data());
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  asio::io_context context;
  const auto port = static_cast<unsigned short>(std::atoi(arguments[1]));
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), port});
  std::printf("port %d\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  for (;;) {
    std::thread([socket = acceptor.accept()]() mutable {
      try {
        serve(std::move(socket));
      } catch (const std::exception&) {
        // Its client has gone.
      }
    }).detach();
  }
}
