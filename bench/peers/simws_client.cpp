// The client that is measured for C++: bench_simws_client <port> <role> <connections>. It makes
// them one after the other, and echoes what comes on each.
#include <simws/client.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

class Clients {
 public:
  Clients(const std::string& port, std::size_t count)
      : uri_("ws://127.0.0.1:" + port + "/"), count_(count), handlers_(make_handlers()) {
    clients_.reserve(count);
  }

  void run() {
    connect();
    loop_.run();
  }

 private:
  std::shared_ptr<const simws::ClientHandlers> make_handlers() {
    simws::ClientHandlers handlers;
    handlers.open = [this](simws::Connection&) {
      if (clients_.size() < count_) connect();
    };
    handlers.message = [](simws::Connection& connection, std::string_view data,
                          simws::Opcode opcode) {
      if (!connection.send(data, opcode).ok()) std::fprintf(stderr, "simws_client: not sent\n");
    };
    handlers.close = [this](simws::Connection&) { loop_.stop(); };
    handlers.fail = handlers.close;
    return std::make_shared<const simws::ClientHandlers>(std::move(handlers));
  }

  void connect() {
    simws::ClientOptions options;
    options.ping_interval = simws::Seconds{0};  // as the others
    auto client = simws::Client::connect(loop_, uri_, std::move(options), handlers_);
    if (!client) {
      std::fprintf(stderr, "simws_client: %s\n", client.error().message.c_str());
      std::exit(1);
    }
    clients_.push_back(std::move(*client));
  }

  simws::EventLoop loop_;
  const std::string uri_;
  const std::size_t count_;
  const std::shared_ptr<const simws::ClientHandlers> handlers_;
  std::vector<std::unique_ptr<simws::Client>> clients_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s <port> <role> <connections>\n", argv[0]);
    return 2;
  }
  Clients(argv[1], static_cast<std::size_t>(std::atol(argv[3]))).run();
}
