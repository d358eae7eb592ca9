// The server with websocketpp: Asio, one thread, no log, no lock.
#include "peers/arguments.h"

#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/config/asio_no_tls.hpp>
#include <websocketpp/extensions/permessage_deflate/enabled.hpp>
#include <websocketpp/logger/stub.hpp>
#include <websocketpp/server.hpp>

#include <poll.h>

#include <memory>
#include <set>

namespace {

namespace wspp = websocketpp;
using wspp::connection_hdl;

struct Plain : wspp::config::asio {
  using type = Plain;
  using base = wspp::config::asio;
  using concurrency_type = wspp::concurrency::none;
  using alog_type = wspp::log::stub;
  using elog_type = wspp::log::stub;
  using rng_type = base::rng_type;

  struct transport_config : base::transport_config {
    using concurrency_type = Plain::concurrency_type;
    using alog_type = Plain::alog_type;
    using elog_type = Plain::elog_type;
    static const bool enable_multithreading = false;
  };
  using transport_type = wspp::transport::asio::endpoint<transport_config>;
  static const std::size_t max_message_size = bench::largest_message;
};

struct Deflating : Plain {
  using type = Deflating;
  struct permessage_deflate_config {};
  using permessage_deflate_type =
      wspp::extensions::permessage_deflate::enabled<permessage_deflate_config>;
};

template <typename Config>
class Peer {
 public:
  using Server = wspp::server<Config>;
  using Message = typename Server::message_ptr;

  explicit Peer(const bench::PeerArguments& arguments) {
    server_.init_asio();
    server_.set_reuse_addr(true);
    server_.set_listen_backlog(4096);
    server_.set_max_message_size(bench::largest_message);
    server_.set_tcp_pre_init_handler([this](connection_hdl handle) { set_no_delay(handle); });
    server_.set_open_handler([this](connection_hdl handle) { connections_.insert(handle); });
    server_.set_close_handler([this](connection_hdl handle) { connections_.erase(handle); });
    const bool is_fan_out = arguments.role == bench::Role::fan_out;
    server_.set_message_handler([this, is_fan_out](connection_hdl handle, Message message) {
      is_fan_out ? send_to_all(message) : send(handle, message);
    });
    using boost::asio::ip::address_v4;
    server_.listen({address_v4::loopback(), static_cast<unsigned short>(arguments.port)});
    server_.start_accept();
    boost::system::error_code error;
    bench::print_port(server_.get_local_endpoint(error).port());
    if (arguments.role == bench::Role::pass) run_passes(1);
    if (arguments.role == bench::Role::spin) run_passes(0);
    server_.run();
  }

 private:
  // As a simulator's plugin does it that has no thread of its own.
  [[noreturn]] void run_passes(int milliseconds_between) {
    for (;;) {
      if (milliseconds_between > 0) ::poll(nullptr, 0, milliseconds_between);
      server_.poll();
    }
  }

  void set_no_delay(connection_hdl handle) {
    server_.get_con_from_hdl(handle)->get_raw_socket().set_option(
        boost::asio::ip::tcp::no_delay(true));
  }

  void send(connection_hdl handle, const Message& message) {
    wspp::lib::error_code error;
    server_.send(handle, message->get_payload(), message->get_opcode(), error);
  }

  void send_to_all(const Message& message) {
    for (const connection_hdl& handle : connections_) send(handle, message);
  }

  Server server_;
  std::set<connection_hdl, std::owner_less<connection_hdl>> connections_;
};

}  // namespace

int main(int argc, char** argv) {
  const bench::PeerArguments arguments = bench::peer_arguments(argc, argv);
  if (arguments.role == bench::Role::deflate) {
    Peer<Deflating>{arguments};
  } else {
    Peer<Plain>{arguments};
  }
}
