#include "endpoint/recording.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace simws::endpoint {

namespace {

// What a crash may take of a compressed file; and when it's tried again where the system has no
// thread.
constexpr auto between_flushes = std::chrono::seconds(1);

// Of an entry, besides its texts.
constexpr std::size_t entry_cost = sizeof(RecordingBatch::Item);
constexpr std::size_t longest_address = 64;

}  // namespace

Recording::Recording(ChannelGroup& group, std::unique_ptr<recording::OutputFile> file,
                     const recording::Header& header, std::function<void()> on_ended,
                     std::size_t most)
    : group_(group),
      on_ended_(std::move(on_ended)),
      most_(most),
      began_(group.loop().now()),
      work_(std::make_shared<RecordingWork>(std::move(file), header)),
      workers_(group.loop().make_workers(1)),
      timer_(group.loop().make_timer([this] { begin_work(); })),
      next_flush_(began_) {
  group_.turn_end().want(*this);  // the header is there from the start
}

Recording::~Recording() {
  group_.turn_end().forget(*this);
  if (state_ == State::ended) return;
  state_ = State::finishing;
  work_->end(next_order());
}

// `make` makes the item; `bytes` it takes besides.
template <typename Make>
void Recording::add(std::size_t bytes, Make make) noexcept {
  if (state_ != State::recording) return;
  if (!has_room_for(bytes + entry_cost)) return lose(bytes);
  try {
    note_loss();
    waiting_.add(make());
  } catch (...) {
    return lose(bytes);
  }
  ++lines_;
  waiting_bytes_ += bytes + entry_cost;
  if (!is_working_) group_.turn_end().want(*this);
}

void Recording::opened(const Connection& connection, const Channel& channel) noexcept {
  add(longest_address, [&] {
    const std::string address = channel.client_name();
    const recording::Opened opened{number_of(connection), waiting_.keep(address)};
    return RecordingBatch::Item{{time(), opened}, true, nullptr};
  });
}

void Recording::closed(const Connection& connection, CloseCode code,
                       std::string_view reason) noexcept {
  add(reason.size(), [&] {
    const recording::Closed closed{number_of(connection), static_cast<int>(code),
                                   waiting_.keep(reason)};
    return RecordingBatch::Item{{time(), closed}, true, nullptr};
  });
  numbers_.erase(&connection);
}

void Recording::sent(const Connection& connection, std::string_view data, Opcode opcode,
                     bool fin) noexcept {
  add(data.size(), [&] {
    recording::Message message{waiting_.keep(data), opcode};
    message.to = number_of(connection);
    return RecordingBatch::Item{{time(), message}, fin, nullptr};
  });
}

void Recording::broadcast(const protocol::SharedMessage& message) noexcept {
  const protocol::MessageView view = message.view();
  add(view.payload().size(), [&] {
    const recording::Message sent{as_text(view.payload()), static_cast<Opcode>(view.opcode())};
    return RecordingBatch::Item{{time(), sent}, true, message.frames()};
  });
}

void Recording::published(const protocol::Publication& publication) noexcept {
  add_publication(publication, publication.size());
}

void Recording::retained(const protocol::Publication& publication) noexcept {
  add_publication(publication, 0);
}

void Recording::add_publication(const protocol::Publication& publication,
                                std::size_t counted) noexcept {
  const protocol::MessageView view = publication.message->view();
  add(publication.topic.size() + publication.key.size() + counted, [&] {
    recording::Message message{as_text(view.payload()), static_cast<Opcode>(view.opcode())};
    message.topic = waiting_.keep(publication.topic);
    message.key = waiting_.keep(publication.key);
    message.retain = publication.retain;
    return RecordingBatch::Item{{time(), message}, true, publication.message->frames()};
  });
}

void Recording::received(const Connection& connection, std::string_view topic,
                         std::string_view data, Opcode opcode) noexcept {
  add(topic.size() + data.size(), [&] {
    recording::Message message{waiting_.keep(data), opcode};
    message.topic = waiting_.keep(topic);
    message.from = number_of(connection);
    return RecordingBatch::Item{{time(), message}, true, nullptr};
  });
}

std::uint64_t Recording::time() const {
  using std::chrono::duration_cast;
  const auto since = duration_cast<std::chrono::microseconds>(group_.loop().now() - began_);
  return static_cast<std::uint64_t>(since.count());
}

std::uint64_t Recording::number_of(const Connection& connection) {
  const auto [place, is_new] = numbers_.try_emplace(&connection, last_number_ + 1);
  if (is_new) ++last_number_;
  return place->second;
}

// What is larger than may wait comes alone.
bool Recording::has_room_for(std::size_t bytes) const {
  const std::size_t used = waiting_bytes_ + working_bytes_;
  return used == 0 || (used <= most_ && bytes <= most_ - used);
}

void Recording::lose(std::size_t bytes) noexcept {
  if (left_out_ == 0) {
    group_.log(LogLevel::warning,
               "the recording doesn't keep up: messages are left out, and the file says where");
  }
  ++left_out_;
  ++lost_.lines;
  lost_.bytes += bytes;
}

void Recording::note_loss() {
  if (lost_.lines == 0) return;
  waiting_.add({{time(), lost_}, true, nullptr});
  lost_ = {};
}

RecordingWork::Order Recording::next_order() {
  const bool is_last = state_ == State::finishing;
  const Time now = group_.loop().now();
  const bool is_flush_due = now >= next_flush_;
  if (is_flush_due) next_flush_ = now + between_flushes;
  return {std::exchange(waiting_, {}), is_flush_due, is_last};
}

// Where nobody can be found to do it, it's tried again.
void Recording::begin_work() noexcept {
  if (is_working_ || state_ == State::ended) return;
  try {
    if (state_ == State::finishing) note_loss();
  } catch (...) {
    // The file doesn't say it.
  }
  work_->give(next_order());
  try {
    is_working_ = workers_->add([work = work_] { work->work(); },
                                [this, there = std::weak_ptr(is_there_)] {
                                  if (!there.expired()) on_worked();
                                });
  } catch (...) {
    // As without a thread.
  }
  if (is_working_) {
    working_bytes_ = std::exchange(waiting_bytes_, 0);
  } else {
    waiting_ = work_->take_back().batch;
    set_timer(group_.loop().now() + between_flushes);
  }
}

// Where there's no memory for it, the next entry does it.
void Recording::set_timer(Time at) noexcept {
  try {
    timer_->start(at);
  } catch (...) {
    // See above.
  }
}

void Recording::on_worked() {
  is_working_ = false;
  working_bytes_ = 0;
  if (!work_->result()) log_end();
  if (!work_->result() || work_->has_finished()) return end();
  if (!waiting_.empty() || state_ == State::finishing) return begin_work();
  if (work_->needs_flush()) set_timer(std::max(next_flush_, group_.loop().now()));
}

void Recording::log_end() noexcept {
  try {
    group_.log(LogLevel::error, "the recording has ended: " + work_->result().error().message);
  } catch (...) {
    group_.log(LogLevel::error, "the recording has ended");
  }
}

void Recording::end() noexcept {
  state_ = State::ended;
  waiting_.clear();
  waiting_bytes_ = 0;
  numbers_.clear();
  timer_->stop();
  const auto told = std::exchange(on_ended_, nullptr);
  told();
}

void Recording::finish() noexcept {
  if (state_ != State::recording) return;
  state_ = State::finishing;
  numbers_.clear();
  if (!is_working_) group_.turn_end().want(*this);
}

RecordingInfo Recording::info() const {
  RecordingInfo info;
  info.file = work_->file_name();
  info.lines = lines_;
  info.left_out = left_out_;
  if (state_ == State::ended && !work_->result()) info.error = work_->result().error().message;
  return info;
}

}  // namespace simws::endpoint
