// Reads what a server, or a client, sends back and compares it with what was sent, byte by byte.
#pragma once

#include "host/load/batch.h"
#include "host/load/checker.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace simws::load {

// Takes fragmented messages too: servers may split what they echo.
class EchoChecker final : public Checker {
 public:
  // `batch` must outlive this. Without `framed` the bytes are the messages and nothing else.
  // `sender` sends them back.
  EchoChecker(const Batch& batch, bool framed, Sender sender = Sender::server)
      : batch_(&batch), framed_(framed), sender_(sender) {}

  std::size_t consume(std::string_view bytes) override;

 private:
  bool take_header(std::string_view& bytes);
  bool check_header();
  bool take_payload(std::string_view& bytes);
  bool finish_frame();
  void finish_control();
  bool fail(std::string what);
  std::size_t header_length() const;
  bool compare(std::string_view bytes);
  bool fail_at_difference(std::string_view bytes, std::string_view wanted);
  const std::string& expected() const { return batch_->messages[index_]; }

  const Batch* batch_;
  bool framed_;
  Sender sender_;
  std::array<std::uint8_t, 14> header_{};
  std::string unmasked_;         // of the payload a portion
  std::size_t header_size_ = 0;  // bytes of it that are here
  bool in_payload_ = false;
  std::string control_;  // payload of a control frame, which may come between fragments
  bool is_control_ = false;
  std::uint64_t frame_left_ = 0;   // payload of this frame that is still to come
  std::uint64_t frame_taken_ = 0;  // and that has come
  std::size_t index_ = 0;          // of the message in the batch
  std::size_t offset_ = 0;         // in the message
  bool fragmented_ = false;        // a message has begun in an earlier frame
};

}  // namespace simws::load
