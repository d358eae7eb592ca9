// Both ends of a connection in memory.
#pragma once

#include "transport/memory.h"
#include "transport/memory_end.h"
#include "transport/memory_parts.h"
#include "transport/pieces.h"

#include <cstdint>
#include <memory>
#include <utility>

namespace simws::transport {

class MemoryStream final : public Stream, private MemoryPart {
 public:
  MemoryStream(MemoryLoopImpl& loop, MemoryEnd end, const Address& remote);
  ~MemoryStream() override { close(); }

  void set_handler(StreamHandler* handler) override { handler_ = handler; }
  void start_reading() override;
  void stop_reading() override { is_reading_ = false; }
  std::size_t write(std::span<const Bytes> pieces) override;
  Outgoing begin_write(Bytes) override { return {}; }
  std::size_t end_write(Bytes, const Transfer&) override { return 0; }
  std::size_t pending_bytes() const override { return 0; }
  std::optional<std::uint64_t> acknowledged_bytes() const override;
  std::size_t readable_bytes() const override;
  void finish_writing() override;
  void close() override;
  void reset() override;
  Address remote_address() const override { return remote_; }

  bool is_reading() const { return is_reading_; }
  // Whether there is anything to tell to the handler at the moment.
  bool has_news() const { return next_news() != News::none; }
  // Tells one thing of it, if there is any, and has the loop see to the rest.
  void tell();
  // Has the loop call `tell`, if there's anything to tell: in this turn or one of its own, or in
  // one to come.
  void tell_at_once();
  void tell_later();

 private:
  enum class News { none, data, loss, end, room };

  bool is_open() const { return in_->reader == this; }
  News next_news() const;
  void tell_data();
  void tell_loss();
  void tell_other();
  void end() override { close(); }
  void leave();

  std::shared_ptr<MemoryPipe> in_;
  std::shared_ptr<MemoryPipe> out_;
  StreamHandler* handler_ = nullptr;
  Address remote_;
  bool is_reading_ = false;
  bool is_finishing_ = false;
  bool wants_room_ = false;
  bool is_lost_ = false;  // found by a write
  bool is_end_told_ = false;
  bool is_loss_told_ = false;
};

class MemoryProcess final : public HelperProcess {
 public:
  MemoryProcess(MemoryLoopImpl& loop, const MemoryEnd& end) : stream_(loop, end, {}) {}
  Stream& stream() override { return stream_; }

 private:
  MemoryStream stream_;
};

class MemoryPeerImpl final : public MemoryPeer {
 public:
  explicit MemoryPeerImpl(MemoryEnd end) : in_(std::move(end.in)), out_(std::move(end.out)) {}

  void send(std::string_view data) override;
  void finish() override;
  void reset() override;
  std::string take() override;
  void set_window(std::size_t bytes) override;
  bool saw_end() const override { return in_->is_finished; }
  bool saw_reset() const override { return in_->is_reset; }
  bool is_read() const override;

 private:
  void tell_stream();

  std::shared_ptr<MemoryPipe> in_;
  std::shared_ptr<MemoryPipe> out_;
};

}  // namespace simws::transport
