// An output whose bytes are taken as a stream would take them.
#pragma once

#include "endpoint/output.h"
#include "endpoint/server_test_fixture.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace simws::endpoint {

using protocol::FrameOpcode;

class OutputTest : public testing::Test {
 public:
  OutputTest() { output.count_in(gauges); }

  protocol::SharedMessagePtr shared_message(std::size_t size) {
    return shared_messages.make(memory, std::string(size, 's'), Opcode::binary);
  }
  void append_shared(const protocol::SharedMessagePtr& shared) {
    const std::size_t size = shared->view().frame().size();
    protocol::OutgoingMessage message{
        {}, shared, protocol::Charge(gauges, size, protocol::Outlet::reference_cost)};
    output.append_message(message);
  }
  void append_own(std::string_view payload) {
    protocol::OutgoingMessage message{protocol::Message(payload, Opcode::text, true), {}, {}};
    message.charge = charge(message.own.frame().size());
    output.append_message(message);
  }
  void append_frame(std::string_view payload) {
    output.append_encoded(session, {.opcode = FrameOpcode::text}, as_bytes(payload));
  }
  void append_raw(const std::string& bytes) { output.append_raw(bytes); }
  void append_ping(std::string_view payload) { output.append_control(ping(payload)); }
  protocol::Charge charge(std::size_t bytes) { return {gauges, bytes, bytes}; }

  static std::string ping(std::string_view payload) {
    return test::server_frame(FrameOpcode::ping, payload);
  }
  // As it leaves.
  static std::string text(std::string_view payload) {
    return test::server_message(FrameOpcode::text, payload);
  }
  static std::string whole(const protocol::SharedMessage& message) {
    return test::server_message(message.view().opcode(), as_text(message.view().payload()));
  }

  std::string all() const {
    std::string bytes;
    std::array<Bytes, 64> pieces;
    const std::size_t count = output.gather(pieces);
    for (std::size_t i = 0; i < count; ++i) bytes += as_text(pieces[i]);
    return bytes;
  }

  std::string take_all(std::size_t at_a_time) {
    std::string taken;
    while (!output.empty()) {
      const std::string part = all().substr(0, at_a_time);
      output.consume(part.size());
      taken += part;
    }
    return taken;
  }

  void expect_nothing_queued() { EXPECT_EQ(gauges.connection.used(), 0u); }
  void expect_nothing_charged() {
    expect_nothing_queued();
    EXPECT_EQ(memory->used(), 0u);
  }

  const std::shared_ptr<protocol::OutputBudget> memory =
      std::make_shared<protocol::OutputBudget>(1u << 30, 1u << 30);
  protocol::OutputGauges gauges{memory};
  protocol::SharedMessages shared_messages;
  const protocol::Session session{protocol::Role::server, 1u << 30};
  Output output;
};

}  // namespace simws::endpoint
