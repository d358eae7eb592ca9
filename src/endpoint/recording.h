// A recording of a server: what it sends and receives, on its way to a file.
//
//   recording ──finish──▶ finishing ──all is written──▶ ended
//       └───────────── it can't be written ───────────────▲
//
// Entries are gathered in a batch, which goes to a worker at a turn's end while those that come
// meanwhile make up the next: neither thread waits for the other.
#pragma once

#include "endpoint/channel.h"
#include "endpoint/channel_group.h"
#include "endpoint/recording_work.h"
#include "endpoint/turn_end.h"
#include "protocol/shared_message.h"
#include "protocol/topics/publication.h"
#include "transport/loop.h"

#include <simws/connection.h>
#include <simws/recording.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>

namespace simws::endpoint {

// Belongs to the loop's thread.
class Recording final : private TurnEndWork {
 public:
  // What waits to be written at most, in bytes.
  static constexpr std::size_t most_waiting = std::size_t{64} << 20;

  // `on_ended` is the last that it calls, and may destroy it.
  Recording(ChannelGroup& group, std::unique_ptr<recording::OutputFile> file,
            const recording::Header& header, std::function<void()> on_ended,
            std::size_t most = most_waiting);
  ~Recording() override;
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  void opened(const Connection& connection, const Channel& channel) noexcept;
  void closed(const Connection& connection, CloseCode code, std::string_view reason) noexcept;
  // A message, or a fragment of one, to one connection.
  void sent(const Connection& connection, std::string_view data, Opcode opcode, bool fin) noexcept;
  void broadcast(const protocol::SharedMessage& message) noexcept;
  void published(const protocol::Publication& publication) noexcept;
  // Which others hold anyway: it takes no room.
  void retained(const protocol::Publication& publication) noexcept;
  // From a connection; `topic` is empty unless a page has published it.
  void received(const Connection& connection, std::string_view topic, std::string_view data,
                Opcode opcode) noexcept;

  // Nothing more comes.
  void finish() noexcept;
  bool has_ended() const { return state_ == State::ended; }
  RecordingInfo info() const;

 private:
  enum class State : std::uint8_t { recording, finishing, ended };

  template <typename Make>
  void add(std::size_t bytes, Make make) noexcept;
  void add_publication(const protocol::Publication& publication, std::size_t counted) noexcept;
  std::uint64_t time() const;
  std::uint64_t number_of(const Connection& connection);
  bool has_room_for(std::size_t bytes) const;
  void lose(std::size_t bytes) noexcept;
  void note_loss();

  // TurnEndWork
  void end_turn() override { begin_work(); }
  void begin_work() noexcept;
  RecordingWork::Order next_order();
  void set_timer(Time at) noexcept;
  void on_worked();
  void log_end() noexcept;
  void end() noexcept;

  ChannelGroup& group_;
  std::function<void()> on_ended_;
  const std::size_t most_;
  const Time began_;
  const std::shared_ptr<RecordingWork> work_;
  const std::unique_ptr<transport::Workers> workers_;
  const std::unique_ptr<transport::Timer> timer_;  // for what is to be flushed, or tried again
  const std::shared_ptr<bool> is_there_ = std::make_shared<bool>(true);  // others know it weakly

  State state_ = State::recording;
  RecordingBatch waiting_;
  std::size_t waiting_bytes_ = 0;
  std::size_t working_bytes_ = 0;
  bool is_working_ = false;
  Time next_flush_;
  std::unordered_map<const Connection*, std::uint64_t> numbers_;
  std::uint64_t last_number_ = 0;
  std::uint64_t lines_ = 0;
  std::uint64_t left_out_ = 0;
  recording::Lost lost_;  // and not told in the file yet
};

}  // namespace simws::endpoint
