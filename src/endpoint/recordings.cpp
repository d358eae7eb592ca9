#include "endpoint/recordings.h"

#include <algorithm>
#include <utility>

namespace simws::endpoint {

Result<void> Recordings::start(std::unique_ptr<recording::OutputFile> file,
                               const recording::Header& header) {
  if (active_) return already();
  List added;
  auto& place = added.emplace_back();
  // What is shared counts as queued: a disk that hangs may not take the room of connections.
  const std::size_t most =
      std::min(Recording::most_waiting, group_.output_budget()->max_total_queued_bytes() / 4);
  place = std::make_unique<Recording>(
      group_, std::move(file), header, [this, started = &place] { note_end(**started); }, most);
  active_ = place.get();
  current_ = std::move(added);
  return {};
}

Error Recordings::already() {
  return {ErrorCode::invalid_state,
          "this server is being recorded already; end that recording first"};
}

Result<RecordingInfo> Recordings::stop() {
  if (current_.empty()) return Error{ErrorCode::invalid_state, "nothing is being recorded"};
  const RecordingInfo info = current_.front()->info();
  finish();
  return info;
}

void Recordings::finish() noexcept {
  active_ = nullptr;
  if (current_.empty()) return;
  if (current_.front()->has_ended()) return current_.clear();
  finishing_.splice(finishing_.end(), current_);
  finishing_.back()->finish();
}

// Where there's no memory to wait, nobody does.
void Recordings::end(Time at) noexcept {
  finish();
  if (finishing_.empty()) return;
  try {
    timer_ = group_.loop().make_timer([this] {
      has_given_up_ = true;
      on_written_();
    });
    timer_->start(at);
  } catch (...) {
    has_given_up_ = true;
  }
}

// One that has ended by itself stays to be stopped.
void Recordings::note_end(const Recording& ended) noexcept {
  if (active_ == &ended) {
    active_ = nullptr;
    return;
  }
  finishing_.remove_if([&](const auto& each) { return each.get() == &ended; });
  on_written_();
}

}  // namespace simws::endpoint
