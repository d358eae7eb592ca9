// A script, its server and two clients, on a network in memory: four bytes of limits and
// one that says who drives, then steps of
// all of them, those of the network's thread too. Whatever happens in whatever order, each
// connection is told in contract order, what a client gets is what was admitted for it, and in the
// end nothing counts as waiting.
#include "check.h"
#include "dispatch/dispatcher.h"
#include "endpoint/stepped_test_loop.h"
#include "script_model.h"
#include "wire_client.h"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <vector>

using namespace simws;
using fuzz::check;
using fuzz::ScriptModel;
using fuzz::WireClient;
using protocol::FrameOpcode;

namespace {

constexpr int port = 9000;
constexpr std::size_t no_window = std::numeric_limits<std::size_t>::max();
constexpr Seconds endless{1e6};
constexpr std::size_t control_bytes = 4096;  // a 101, keep-alive pings and a Close, of each

class Program {
 public:
  Program(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  bool is_over() const { return size_ == 0; }
  std::uint8_t next() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  // Small ones, and some far larger.
  std::size_t length() {
    const std::size_t byte = next();
    return byte < 200 ? byte : (byte - 199) * 97;
  }
  std::string bytes(std::size_t count) {
    std::string taken;
    while (taken.size() < count && !is_over()) taken += static_cast<char>(next());
    return taken;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

// What the script does in an event of some kind.
enum class Deed : std::uint8_t { nothing, echo, close, stop, fail, broadcast, end_pass, defer };
constexpr int deeds = 8;

class World final : private dispatch::EventHandler {
 public:
  World(const std::uint8_t* data, std::size_t size) : program_(data, size) {
    options_.max_queued_bytes = 64 + std::size_t{program_.next()} * 32;
    options_.max_total_queued_bytes = options_.max_queued_bytes + std::size_t{program_.next()} * 32;
    options_.max_pending_bytes = 1 + std::size_t{program_.next()} * 64;
    options_.max_message_size = 1 + std::size_t{program_.next()} * 64;
    options_.logger = [](LogLevel, std::string_view) {};
    if (program_.next() % 2 == 0) (void)network_.drive_by_thread();
    start();
  }

  void run() {
    while (!program_.is_over()) {
      step();
      check_counts();
    }
    end();
  }

 private:
  using State = ScriptModel::State;

  void step() {
    const std::uint8_t what = program_.next();
    const std::size_t which = what >> 7;
    switch (what & 0x7F) {
      case 0:
        return connect(which);
      case 1:
        return with(which, [](WireClient& client) { client.compose(WireClient::handshake); });
      case 2:
        return compose_frame(which);
      case 3:
        return compose_request(which);
      case 4:
        return compose_garbage(which);
      case 5:
        return send_part(which);
      case 6:
        return with(which, [](WireClient& client) { client.send(no_window); });
      case 7:
        return with(which, [](WireClient& client) { client.take(); });
      case 8:
        return with(which, [&](WireClient& client) { client.set_window(program_.length()); });
      case 9:
        return with(which, [&](WireClient& client) { client.set_window(no_window); });
      case 10:
        return with(which, [](WireClient& client) { client.finish(); });
      case 11:
        return with(which, [](WireClient& client) { client.reset(); });
      case 12:
        return (void)dispatcher_.deliver(Seconds{0});
      case 13:
        return (void)dispatcher_.deliver(endless);
      case 14:
        return send(which);
      case 15:
        return broadcast();
      case 16:
        return close(which);
      case 17:
        return set_deed();
      case 18:
        return respond_late();
      case 19:
        return stop();
      case 20:
        return start();
      case 21:
        return turns();
      case 22:
        return loop_.run_until_idle();
      case 23:
        return advance(program_.next());
      case 24:
        return (void)dispatcher_.serve(Seconds{0});
      case 25:
        return (void)network_.drive_by_thread();
      case 26:
        return set_deciding(program_.next() % 2 == 0);
      default:
        return;
    }
  }

  // The network.

  void turns() {
    for (int left = program_.next() % 8; left > 0 && loop_.turn(); --left) {
    }
  }
  void advance(int tenths) { loop_.advance(std::chrono::milliseconds(tenths * 100)); }

  // Clients.

  template <typename Work>
  void with(std::size_t which, const Work& work) {
    if (clients_[which]) work(*clients_[which]);
  }

  void connect(std::size_t which) {
    const auto from = static_cast<std::uint16_t>(10000 + ++connects_);
    transport::Address address{{127, 0, 0, 1}, from, false};
    auto peer = loop_.connect(port, address);
    if (!peer) return;
    clients_[which] = std::make_shared<WireClient>(std::move(peer));
    by_address_[address.to_string()] = clients_[which];
  }

  void compose_frame(std::size_t which) {
    constexpr FrameOpcode opcodes[] = {FrameOpcode::text,         FrameOpcode::binary,
                                       FrameOpcode::continuation, FrameOpcode::ping,
                                       FrameOpcode::pong,         FrameOpcode::close};
    const std::uint8_t kind = program_.next();
    const FrameOpcode opcode = opcodes[kind % std::size(opcodes)];
    std::size_t length = program_.length();
    if (protocol::is_control(opcode)) length = std::min<std::size_t>(length, 125);
    std::string payload(length, 'c');
    if (opcode == FrameOpcode::close && length >= 2) payload.replace(0, 2, "\x03\xE8");
    if (opcode == FrameOpcode::ping) control_sent_ += 2 + length;
    with(which, [&](WireClient& client) {
      client.compose_frame(opcode, protocol::is_control(opcode) || kind < 128, std::move(payload));
    });
  }

  void compose_request(std::size_t which) {
    const std::uint8_t kind = program_.next();
    std::string request = (kind & 1) != 0 ? "POST /p?q HTTP/1." : "GET /g HTTP/1.";
    request += (kind & 2) != 0 ? "0" : "1";
    request += (kind & 4) != 0 ? "\r\nHost: evil.example" : "\r\nHost: localhost";
    if ((kind & 8) != 0) request += "\r\nConnection: close";
    if ((kind & 16) != 0) request += "\r\nExpect: 100-continue";
    const std::size_t body = (kind & 1) != 0 ? program_.length() : 0;
    if (body > 0) request += "\r\nContent-Length: " + std::to_string(body);
    request.append("\r\n\r\n").append(body, 'b');
    control_sent_ += 1024;
    with(which, [&](WireClient& client) { client.compose(request); });
  }

  void compose_garbage(std::size_t which) {
    const std::string garbage = program_.bytes(program_.next() % 32);
    control_sent_ += 1024;
    with(which, [&](WireClient& client) { client.compose(garbage); });
  }

  void send_part(std::size_t which) {
    const std::size_t count = program_.length();
    with(which, [&](WireClient& client) { client.send(count); });
  }

  // The script.

  void start() {
    if (server_) return;
    const auto started = dispatcher_.start(port, options_);
    check(started.ok());
    server_ = *started;
    models_[*server_] = {};
  }

  void stop() {
    if (!server_) return;
    const dispatch::EndpointId server = *server_;
    server_.reset();
    models_[server].stop();
    for (auto& [id, connection] : models_[server].all()) {
      if (WireClient* const client = client_of(connection); client && !connection.closing) {
        client->expect_close(1001);
      }
    }
    check(dispatcher_.stop(server).ok());
    models_[server].check_over();
    check(!dispatcher_.stop(server).ok());
  }

  WireClient* client_of(const ScriptModel::Connection& connection) {
    const auto found = by_address_.find(connection.address);
    return found == by_address_.end() ? nullptr : found->second.get();
  }

  // The connection `which` of those it has been told of, oldest first.
  dispatch::ConnectionId pick(std::size_t which) const { return which + 1 + program_skip_; }

  void send(std::size_t which) {
    const std::uint8_t kind = program_.next();
    const std::size_t length = program_.length();
    program_skip_ = kind >> 5;
    send(pick(which), static_cast<Opcode>(kind % 3), (kind & 4) == 0, length);
  }

  void send(dispatch::ConnectionId id, Opcode opcode, bool fin, std::size_t length) {
    if (!server_) return;
    const std::string data = std::to_string(++sends_).append(length, 's');
    const auto sent = dispatcher_.send(*server_, id, data, opcode, {.fin = fin});
    if (!sent || !*sent) return;
    ScriptModel::Connection& connection = models_[*server_][id];
    check(connection.state == State::open && !connection.closing);
    check(connection.in_message == (opcode == Opcode::continuation));
    connection.in_message = !fin;
    client_of(connection)->admit({static_cast<FrameOpcode>(opcode), fin, false, data});
  }

  void broadcast() {
    const std::size_t length = program_.length();
    broadcast(length);
  }

  void broadcast(std::size_t length) {
    if (!server_) return;
    const std::string data = std::to_string(++sends_).append(length, 'm');
    std::vector<WireClient*> to;
    for (auto& [id, connection] : models_[*server_].all()) {
      const bool is_open = connection.state == State::open && !connection.closing;
      if (is_open && !connection.in_message) to.push_back(client_of(connection));
    }
    const auto count = dispatcher_.broadcast(*server_, data, Opcode::binary);
    if (!count || *count == 0) return;
    check(*count <= to.size());
    for (WireClient* const client : to) {
      client->admit({FrameOpcode::binary, true, *count < to.size(), data});
    }
  }

  void close(std::size_t which) {
    program_skip_ = program_.next() % 8;
    close_connection(pick(which));
  }

  void close_connection(dispatch::ConnectionId id) {
    if (!server_) return;
    const int code = 4000 + static_cast<int>(++sends_ % 500);
    const auto closed = dispatcher_.close(*server_, id, static_cast<CloseCode>(code), "bye");
    if (!closed || !*closed) return;
    ScriptModel::Connection& connection = models_[*server_][id];
    check(connection.state == State::open && !connection.closing);
    connection.closing = true;
    client_of(connection)->expect_close(code);
    check(!*dispatcher_.send(*server_, id, "late", Opcode::text));
  }

  void set_deed() {
    const std::uint8_t kind = program_.next();
    deeds_[kind % dispatch::event_kind_count] = static_cast<Deed>(kind / 8 % deeds);
  }

  void set_deciding(bool decides) {
    if (server_) check(dispatcher_.set_deciding(*server_, decides).ok());
  }

  void respond_late() {
    if (deferred_.empty() || !server_) return;
    const dispatch::ConnectionId id = deferred_.back();
    deferred_.pop_back();
    respond(id);
  }

  void respond(dispatch::ConnectionId id) {
    if (!server_) return;
    std::string body(program_.length(), 'a');
    answered_ += body.size() + 512;
    (void)dispatcher_.respond(*server_, id, {200, std::move(body), {}});
  }

  void admit(dispatch::ConnectionId id) {
    if (server_) (void)dispatcher_.admit(*server_, id, {{"X-Robot", "R2"}});
  }

  void on_event(const dispatch::Event& event) override {
    ScriptModel& model = models_[event.endpoint];
    if (model[event.connection].address.empty()) {
      const auto info = dispatcher_.connection_info(event.endpoint, event.connection);
      check(info.ok());
      model[event.connection].address = info->remote_address;
    }
    model.note(event);
    act(event, deeds_[static_cast<std::size_t>(event.kind)]);
  }

  void act(const dispatch::Event& event, Deed deed) {
    check(dispatcher_.deliver(endless) == 0);
    switch (deed) {
      case Deed::nothing:
        return;
      case Deed::echo:
        if (event.kind == dispatch::EventKind::http) return respond(event.connection);
        if (event.kind == dispatch::EventKind::upgrade) return admit(event.connection);
        return send(event.connection, Opcode::binary, true, event.data.size());
      case Deed::close:
        return close_connection(event.connection);
      case Deed::stop:
        return stop();
      case Deed::fail:
        throw std::runtime_error("a handler that fails");
      case Deed::broadcast:
        return broadcast(event.data.size());
      case Deed::end_pass:
        return dispatcher_.end_pass();
      case Deed::defer:
        if (dispatcher_.defer(event.endpoint, event.connection) && server_ == event.endpoint) {
          deferred_.push_back(event.connection);
        }
        return;
    }
  }

  // Checks.

  void check_counts() {
    if (!server_) return;
    const std::size_t beside = control_bytes * connects_ + control_sent_ + answered_;
    for (auto& [id, connection] : models_[*server_].all()) {
      const auto info = dispatcher_.connection_info(*server_, id);
      if (!info) continue;
      check(info->queued_bytes <=
            options_.max_queued_bytes + protocol::max_frame_header_size + beside);
    }
    check(dispatcher_.server_info(*server_)->queued_bytes <=
          options_.max_total_queued_bytes + beside + 1024 * connects_);
    check(dispatcher_.connections(*server_)->size() <= connects_);
  }

  void settle() {
    for (int round = 0; round < 8; ++round) {
      loop_.run_until_idle();
      while (dispatcher_.deliver(endless) > 0) {
      }
      loop_.run_until_idle();
      for (const auto& [address, client] : by_address_) client->take();
    }
  }

  void end() {
    deeds_.fill(Deed::nothing);
    (void)network_.drive_by_thread();
    for (const auto& [address, client] : by_address_) client->set_window(no_window);
    settle();
    for (const auto& [address, client] : by_address_) client->check_complete();
    if (server_ && sends_ % 2 == 0) leave();
    stop();
    settle();
    for (int i = 0; i < 4; ++i) advance(100);
    check(!inside_.is_lingering());
  }

  // All clients go before the server does.
  void leave() {
    for (const auto& [address, client] : by_address_) client->reset();
    settle();
    advance(255);
    settle();
    models_[*server_].check_over();
    check(dispatcher_.connections(*server_)->empty());
    check(dispatcher_.server_info(*server_)->connections == 0);
    check(dispatcher_.server_info(*server_)->queued_bytes == 0);
  }

  Program program_;
  ServerOptions options_;
  std::unique_ptr<endpoint::test::SteppedLoop> made_ = endpoint::test::SteppedLoop::make();
  endpoint::test::SteppedLoop& inside_ = *made_;
  transport::MemoryLoop& loop_ = inside_.memory();
  dispatch::Network network_{std::make_unique<EventLoop>(std::move(made_))};
  dispatch::Dispatcher dispatcher_{network_, *this};

  std::map<std::string, std::shared_ptr<WireClient>> by_address_;
  std::array<std::shared_ptr<WireClient>, 2> clients_;  // the latest
  std::map<dispatch::EndpointId, ScriptModel> models_;
  std::optional<dispatch::EndpointId> server_;
  std::array<Deed, dispatch::event_kind_count> deeds_{};
  std::vector<dispatch::ConnectionId> deferred_;
  std::size_t program_skip_ = 0;
  std::size_t connects_ = 0;
  std::size_t sends_ = 0;
  std::size_t control_sent_ = 0;  // what the server may have answered by itself
  std::size_t answered_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 6) return 0;
  World(data, size).run();
  return 0;
}
