// The recording of a server, and those before it that are still being written.
#pragma once

#include "endpoint/recording.h"

#include <simws/recording.h>
#include <simws/result.h>

#include <functional>
#include <list>
#include <memory>

namespace simws::endpoint {

// Belongs to the loop's thread.
class Recordings {
 public:
  // `on_written` is called each time that another one has been written; it may not destroy this.
  Recordings(ChannelGroup& group, std::function<void()> on_written)
      : group_(group), on_written_(std::move(on_written)) {}
  Recordings(const Recordings&) = delete;
  Recordings& operator=(const Recordings&) = delete;

  // What to tell of all that happens; null: nothing is recorded.
  Recording* active() const { return active_; }

  // As Server::start_recording and stop_recording.
  Result<void> start(std::unique_ptr<recording::OutputFile> file, const recording::Header& header);
  Result<RecordingInfo> stop();
  static Error already();
  // The server ends: nothing is recorded any more, and what isn't written by then is given up.
  void end(Time at) noexcept;
  // None is left to be waited for.
  bool are_written() const { return has_given_up_ || finishing_.empty(); }

 private:
  using List = std::list<std::unique_ptr<Recording>>;

  void finish() noexcept;
  void note_end(const Recording& ended) noexcept;

  ChannelGroup& group_;
  const std::function<void()> on_written_;
  Recording* active_ = nullptr;
  List current_;    // one at most: until it's stopped, whether it has ended by itself or not
  List finishing_;  // the others
  std::unique_ptr<transport::Timer> timer_;  // once the server ends
  bool has_given_up_ = false;
};

}  // namespace simws::endpoint
