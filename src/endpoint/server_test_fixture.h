// A server on the network in memory, its clients as the test plays them, and its events as words.
#pragma once

#include "endpoint/server_core.h"
#include "protocol/fragments.h"
#include "protocol/frame.h"
#include "transport/memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::endpoint::test {

using Words = std::vector<std::string>;

constexpr int test_port = 9000;

inline std::string handshake(std::string_view more_fields = {}, std::string_view target = "/") {
  return "GET " + std::string(target) +
         " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
         std::string(more_fields) + "\r\n";
}

// A masked frame, as clients send them.
inline std::string client_frame(protocol::FrameOpcode opcode, std::string payload,
                                bool fin = true) {
  protocol::FrameHeader header;
  header.fin = fin;
  header.opcode = opcode;
  header.masked = true;
  header.masking_key = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
  header.payload_length = payload.size();
  std::array<std::byte, protocol::max_frame_header_size> bytes;
  const std::size_t size = protocol::encode_frame_header(header, bytes);
  protocol::apply_mask(as_mutable_bytes(payload), header.masking_key, 0);
  return std::string(as_text(Bytes(bytes).first(size))) + payload;
}

inline std::string text(std::string payload) {
  return client_frame(protocol::FrameOpcode::text, std::move(payload));
}

// An unmasked frame, as the server sends them.
inline std::string server_frame(protocol::FrameOpcode opcode, std::string_view payload,
                                bool fin = true) {
  Buffer bytes;
  protocol::append_frame(bytes, opcode, fin, as_bytes(payload));
  return std::string(bytes.text());
}

// A message as the server sends it: in fragments, where it's large.
inline std::string server_message(protocol::FrameOpcode opcode, std::string_view payload) {
  std::string frames;
  for (protocol::Fragments fragments({.opcode = opcode}, as_bytes(payload)); !fragments.ended();) {
    const auto [header, part] = fragments.take();
    frames += server_frame(header.opcode, as_text(part), header.fin);
  }
  return frames;
}

inline std::string close_payload(int code, std::string_view reason = {}) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  return payload.append(reason);
}

inline std::string close_frame(int code, std::string_view reason = {}) {
  return server_frame(protocol::FrameOpcode::close, close_payload(code, reason));
}

inline std::string client_close(int code, std::string_view reason = {}) {
  return client_frame(protocol::FrameOpcode::close, close_payload(code, reason));
}

class ServerTest : public testing::Test {
 protected:
  // Handlers set before are kept, with the event noted first.
  void start(ServerOptions options = {}) {
    prepare(options);
    options.logger = [this](LogLevel level, std::string_view line) {
      if (level != LogLevel::info) log.emplace_back(line);
    };
    core = std::make_unique<ServerCore>(*turn_end, std::move(options), make_handlers());
    ASSERT_TRUE(core->listen(test_port));
  }

  // What every server of the test has besides.
  virtual void prepare(ServerOptions&) {}

  // Null: nothing listens.
  virtual std::unique_ptr<transport::MemoryPeer> connect(const transport::Address& from) {
    return loop->connect(test_port, from);
  }
  std::unique_ptr<transport::MemoryPeer> connect() {
    return connect(transport::Address{{127, 0, 0, 1}, 50000, false});
  }

  // A client after its handshake, the answer taken.
  std::unique_ptr<transport::MemoryPeer> open() {
    auto peer = connect();
    peer->send(handshake());
    EXPECT_EQ(peer->take().substr(0, 12), "HTTP/1.1 101");
    return peer;
  }

  void advance(double seconds) {
    loop->advance(std::chrono::duration_cast<Duration>(Seconds(seconds)));
  }

  // The application holds what messages it's told of.
  void hold_messages() {
    on_message = [](Connection& connection, std::string_view data, Opcode) {
      connection.hold_pending(data.size());
    };
  }

  // Of events that begin so.
  std::ptrdiff_t count_of(std::string_view event) const {
    return std::ranges::count_if(events,
                                 [&](const std::string& each) { return each.starts_with(event); });
  }

  Words take_events() { return std::exchange(events, {}); }

  // Declared first: it goes last.
  std::unique_ptr<transport::MemoryLoop> loop = transport::MemoryLoop::make();
  std::unique_ptr<TurnEnd> turn_end = std::make_unique<TurnEnd>(*loop);
  std::unique_ptr<ServerCore> core;
  Words events;
  Words log;
  std::vector<Connection*> connections;  // in the order they opened
  // What handlers do besides.
  std::function<void(Connection&)> on_open, on_fail, on_close;
  std::function<void(Connection&, std::string_view, Opcode)> on_message;
  std::function<void(Connection&, std::string_view topic)> on_drop;
  std::function<void(Connection&, const HttpRequest&)> on_http;
  // Set before the start: attempts are the application's to decide.
  std::function<void(Connection&, const HttpRequest&)> on_upgrade;

  ~ServerTest() override {
    if (core) core->stop(false);
    loop->run_until_idle();
    core.reset();
  }

 private:
  ServerHandlers make_handlers() {
    ServerHandlers handlers;
    handlers.open = [this](Connection& connection) {
      events.emplace_back("open");
      connections.push_back(&connection);
      if (on_open) on_open(connection);
    };
    handlers.fail = [this](Connection& connection) {
      events.push_back("fail");
      EXPECT_FALSE(connection.info().error.empty());
      if (on_fail) on_fail(connection);
    };
    handlers.close = [this](Connection& connection) {
      const ConnectionInfo info = connection.info();
      EXPECT_EQ(info.state, ConnectionState::closed);
      events.push_back("close " + std::to_string(static_cast<int>(*info.close_code)) +
                       (info.clean ? " clean" : ""));
      if (on_close) on_close(connection);
    };
    handlers.message = [this](Connection& connection, std::string_view data, Opcode opcode) {
      events.push_back((opcode == Opcode::text ? "text " : "binary ") + std::string(data));
      if (on_message) on_message(connection, data, opcode);
    };
    handlers.publication = [this](Connection&, std::string_view topic, std::string_view data,
                                  Opcode) {
      events.push_back("published " + std::string(topic) + " " + std::string(data));
    };
    handlers.remote_publication = [this](const RemoteViewer& viewer, std::string_view topic,
                                         std::string_view data, Opcode) {
      events.push_back("remote " + viewer.edge + " " + viewer.address + " " +
                       std::to_string(viewer.connection) + " " + std::string(topic) + " " +
                       std::string(data));
      return true;
    };
    handlers.drop = [this](Connection& connection, std::string_view topic, std::size_t count) {
      events.push_back("drop " + std::string(topic) + " " + std::to_string(count));
      if (on_drop) on_drop(connection, topic);
    };
    handlers.http = [this](Connection& connection, const HttpRequest& request) {
      events.push_back("http " + std::string(request.method) + " " + std::string(request.resource));
      if (on_http) on_http(connection, request);
    };
    if (on_upgrade) {
      handlers.upgrade = [this](Connection& connection, const HttpRequest& request) {
        events.push_back("upgrade " + std::string(request.resource));
        on_upgrade(connection, request);
      };
    }
    handlers.release = [this](Connection& connection) {
      events.emplace_back("release");
      std::erase(connections, &connection);
    };
    return handlers;
  }
};

}  // namespace simws::endpoint::test
