// A TCP connection: a socket that its loop watches.
#pragma once

#include "transport/socket.h"
#include "transport/stream.h"
#include "transport/watches.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>

namespace simws::transport {

class UvLoop;

class SocketStream final : public Stream, private Watched {
 public:
  // `opening`: what the system has counted as acknowledged already, which is nothing for who
  // accepts. Null: the system can't watch the socket. The loop outlives the stream or ends it.
  static std::unique_ptr<SocketStream> make(UvLoop& loop, Socket socket, const Address& remote,
                                            std::uint64_t opening = 0);
  ~SocketStream() override;

  void set_handler(StreamHandler* handler) override { handler_ = handler; }
  void start_reading() override;
  void stop_reading() override;
  std::size_t write(std::span<const Bytes> pieces) override;
  Outgoing begin_write(Bytes bytes) override;
  std::size_t end_write(Bytes bytes, const Transfer& transfer) override;
  std::size_t pending_bytes() const override { return 0; }
  std::optional<std::uint64_t> acknowledged_bytes() const override;
  void limit_unsent(std::size_t bytes) override { socket_.limit_unsent(bytes); }
  std::size_t readable_bytes() const override;
  void finish_writing() override;
  void close() override;
  void reset() override;
  Address remote_address() const override { return remote_; }

 private:
  friend class SocketReads;
  static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

  SocketStream(UvLoop& loop, Socket socket, const Address& remote, std::uint64_t opening);
  void on_ready(Events events) override;
  void loop_ends() override { close(); }

  bool is_open() const { return socket_.is_open(); }
  void leave_loop();
  void watch();
  Events wanted_events() const;
  void handle_ready(Events events);
  bool wants_data() const { return is_reading_ && !is_ended_; }
  void handle_received(const Transfer& transfer, MutableBytes buffer);
  bool takes_writes() const { return is_open() && !is_finishing_ && !wants_room_ && error_ == 0; }
  void note_sent(const Transfer& transfer, std::size_t offered);
  void tell_room();
  void lose(int error);
  void tell_loss();
  void tell_end(bool lost, std::string reason);

  UvLoop& loop_;
  StreamHandler* handler_ = nullptr;
  Socket socket_;
  int error_ = 0;  // by which the connection was lost
  Address remote_;
  std::uint64_t sent_bytes_ = 0;
  std::uint32_t place_in_reads_ = nowhere;
  std::uint8_t acknowledged_at_start_;  // what the system counts for the opening
  std::uint8_t watched_ = readable;     // for which events
  bool is_watched_ : 1 = false;
  bool reads_much_ : 1 = false;  // more than a part of the buffer
  bool is_reading_ : 1 = false;
  bool is_ended_ : 1 = false;      // the peer has finished, or nothing more is to be told
  bool wants_room_ : 1 = false;    // the system hasn't taken all of a write
  bool is_finishing_ : 1 = false;  // nothing more will be written
  bool is_loss_told_ : 1 = false;
};

}  // namespace simws::transport
