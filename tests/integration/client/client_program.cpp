// The client that talks to servers which others wrote: client_program URI [--option value]...
// Orders come on standard input, a line each, and its events are lines on standard output.
#include <simws/client.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace {

void tell(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

std::size_t to_size(std::string_view text) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Bytes of every value, in an order that shows what is missing.
std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 + i / 251);
  return bytes;
}

struct Program {
  std::string uri;
  simws::ClientOptions options;

  // False: one isn't known.
  bool read(int count, char** arguments) {
    if (count < 2 || count % 2 != 0) return false;
    uri = arguments[1];
    for (int i = 2; i + 1 < count; i += 2) {
      if (!read_option(arguments[i], arguments[i + 1])) return false;
    }
    return true;
  }

 private:
  bool read_option(const std::string& name, const std::string& value) {
    const std::map<std::string, std::function<void()>> all{
        {"--subprotocol", [&] { options.subprotocols.push_back(value); }},
        {"--header", [&] { add_header(value); }},
        {"--proxy", [&] { options.proxy = value; }},
        {"--compression", [&] { options.compression = compression(value); }},
        {"--reconnect", [&] { options.reconnect = reconnect(std::atof(value.c_str())); }},
        {"--connect-timeout",
         [&] { options.connect_timeout = simws::Seconds{std::atof(value.c_str())}; }},
        {"--ping-interval",
         [&] { options.ping_interval = simws::Seconds{std::atof(value.c_str())}; }}};
    const auto found = all.find(name);
    if (found == all.end()) return false;
    found->second();
    return true;
  }
  void add_header(const std::string& field) {
    const std::size_t colon = field.find(": ");
    options.headers.emplace_back(field.substr(0, colon), field.substr(colon + 2));
  }
  // Who takes contexts over: "none", "server", "client" or "both".
  static simws::Compression compression(std::string_view who) {
    simws::Compression compression;
    compression.threshold = 0;
    compression.server_context_takeover = who == "server" || who == "both";
    compression.client_context_takeover = who == "client" || who == "both";
    return compression;
  }
  static simws::Reconnect reconnect(double seconds) {
    return {simws::Seconds{seconds}, simws::Seconds{30}, 1, 0, 0};
  }
};

class Talk {
 public:
  explicit Talk(Program program) : program_(std::move(program)) {}

  int run() {
    auto client =
        simws::Client::connect(loop_, program_.uri, std::move(program_.options), handlers());
    if (!client) {
      tell("error " + client.error().message);
      return 1;
    }
    client_ = std::move(*client);
    std::thread([this] { read_orders(); }).detach();
    loop_.run();
    client_.reset();
    loop_.drain(simws::Seconds{10});
    return 0;
  }

 private:
  simws::ClientHandlers handlers() {
    simws::ClientHandlers handlers;
    handlers.open = [](simws::Connection& connection) {
      tell("open " + connection.info().subprotocol);
    };
    handlers.fail = [](simws::Connection& connection) { tell("fail " + connection.info().error); };
    handlers.close = [](simws::Connection& connection) {
      const auto info = connection.info();
      tell("close " + std::to_string(static_cast<int>(*info.close_code)) +
           (info.clean ? " clean " : " ") + info.close_reason);
    };
    handlers.message = [](simws::Connection&, std::string_view data, simws::Opcode opcode) {
      if (opcode == simws::Opcode::text) return tell("text " + std::string(data));
      tell("binary " + std::to_string(data.size()) +
           (data == pattern(data.size()) ? " as sent" : " otherwise"));
    };
    handlers.release = [this](simws::Connection&) {
      if (client_ && client_->info().state == simws::ClientState::closed) loop_.stop();
    };
    return handlers;
  }

  // The end of the input disconnects.
  void read_orders() {
    std::string line;
    while (std::getline(std::cin, line)) {
      loop_.post([this, line] { obey(line); });
    }
    loop_.post([this] {
      client_->disconnect();
      loop_.stop();
    });
  }

  void obey(const std::string& line) {
    const std::size_t space = line.find(' ');
    const std::string order = line.substr(0, space);
    const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
    if (order == "text") return told(client_->send(rest));
    if (order == "part") return told(client_->send(rest, simws::Opcode::text, {.fin = false}));
    if (order == "rest") return told(client_->send(rest, simws::Opcode::continuation));
    if (order == "repeat") {
      const std::string word = rest.substr(rest.find(' ') + 1);
      std::string text;
      for (std::size_t left = to_size(rest); left > 0; --left) text += word;
      return told(client_->send(text));
    }
    if (order == "compression") {
      return tell(client_->connection()->info().compression ? "compressed" : "plain");
    }
    if (order == "bytes") {
      return told(client_->send(pattern(to_size(rest)), simws::Opcode::binary));
    }
    simws::Connection* const open = client_->connection();
    const auto code = static_cast<simws::CloseCode>(to_size(rest));
    if (order == "close" && open) return told(open->close(code, "by the client"));
    tell("unknown order " + line);
  }

  static void told(const simws::Result<bool>& done) {
    if (!done) return tell("error " + done.error().message);
    if (!*done) tell("not sent");
  }

  Program program_;
  simws::EventLoop loop_;
  std::unique_ptr<simws::Client> client_;
};

}  // namespace

int main(int count, char** arguments) {
  Program program;
  if (!program.read(count, arguments)) {
    std::fprintf(stderr, "client_program: an option isn't known, or has no value\n");
    return 2;
  }
  const int code = Talk(std::move(program)).run();
  std::fflush(stdout);
  std::_Exit(code);  // the thread that reads orders may wait for one
}
