// What one connection sends compressed (RFC 7692): small messages at once, as far as a turn allows,
// others in portions at the ends of turns. Messages stay in order; what needn't be compressed waits
// behind what does. Pings and pongs don't.
#pragma once

#include "endpoint/channel.h"
#include "endpoint/deflate_desk.h"
#include "protocol/deflate_message.h"
#include "protocol/deflate_shared.h"
#include "protocol/outlet.h"
#include "protocol/session.h"

#include <cstddef>
#include <cstdint>

namespace simws::endpoint {

struct DeflateRules {
  protocol::DeflateSide side;  // ours
  protocol::DeflateEffort effort;
  std::size_t threshold = 0;  // shorter messages leave as they are
};

class Deflating final : public DeflateWork {
 public:
  // Both outlive it.
  Deflating(Channel& channel, const protocol::Session& session, const DeflateRules& rules);
  ~Deflating() override;

  // Takes what is sent next, which has been admitted. False: it leaves as it is, at once.
  bool take(protocol::FrameOpcode opcode, bool fin, Bytes payload, bool may_compress);
  bool take(protocol::OutgoingMessage& message);
  bool take(const protocol::SharedMessagePtr& message, bool may_compress);

  // DeflateWork
  std::size_t work(std::size_t most) noexcept override;

 private:
  enum class Fragmented : std::uint8_t { none, plain, compressed };

  bool is_compressed(protocol::FrameOpcode opcode, bool fin, std::size_t size, bool may_compress);
  bool uses_form(const protocol::OutgoingMessage& message) const;
  protocol::SharedForm& form_of(const protocol::SharedMessage& message);
  std::size_t effort_of(std::size_t bytes) const;
  std::size_t bytes_for(std::size_t effort) const;
  bool is_done_at_once(std::size_t size);
  void wait(protocol::OutgoingMessage& message, bool is_compressed);

  bool compress_at_once(protocol::FrameOpcode opcode, bool fin, Bytes payload);
  void share_at_once(const protocol::SharedMessagePtr& message);
  std::size_t work_on(Output& output, std::size_t most);
  bool compress(WaitingMessage& waiting, std::size_t most, std::size_t& done);
  bool compress_frame(WaitingMessage& waiting, std::size_t most, std::size_t& done);
  void append_waited(WaitingMessage waiting);
  void append_form(const protocol::SharedMessagePtr& message);
  void append_compressed(protocol::FrameOpcode opcode, bool fin, Bytes payload);
  void append_plain(protocol::OutgoingMessage& message);

  Channel& channel_;
  const protocol::Session& session_;
  const DeflateRules rules_;
  DeflateDesk& desk_;
  protocol::MessageDeflater deflater_;
  Fragmented fragmented_ = Fragmented::none;  // of what was sent so far
};

}  // namespace simws::endpoint
