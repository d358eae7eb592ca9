#include "transport/tls_stream.h"

#include "transport/pieces.h"
#include "transport/socket.h"
#include "transport/task_queue.h"

#include <algorithm>
#include <array>
#include <new>
#include <string_view>
#include <utility>

namespace simws::transport {

namespace {

// RFC 8446, 5.1: what a record carries at the most.
constexpr std::size_t record_size = 16 * 1024;
// Encrypted at once, so that what waits for a slow peer stays little.
constexpr std::size_t most_in_turn = 64 * 1024;
// What waits of answers to a peer, which doesn't read.
constexpr std::size_t most_answers = 128 * 1024;

constexpr std::string_view no_close_notify = "the connection was cut off (no close_notify)";
constexpr std::string_view ended_early = "the peer ended the connection during the TLS handshake";
constexpr std::string_view no_tls = "the peer speaks no TLS";
constexpr std::string_view plain_http = "the peer speaks plain HTTP, and no TLS";

// Whether a peer's first byte is that of a message or an alert.
bool is_tls(std::byte first) {
  return first == std::byte{22} || first == std::byte{21};
}

}  // namespace

TlsStream::TlsStream(std::shared_ptr<TlsDesk> desk, std::unique_ptr<Stream> lower,
                     TlsOpening opening)
    : desk_(std::move(desk)),
      lower_(std::move(lower)),
      opening_(std::make_unique<TlsOpening>(std::move(opening))) {
  lower_->set_handler(this);
}

TlsStream::TlsStream(std::shared_ptr<TlsDesk> desk, std::unique_ptr<Stream> lower,
                     std::unique_ptr<TlsEngine> client)
    : desk_(std::move(desk)),
      lower_(std::move(lower)),
      engine_(std::move(client)),
      before_(lower_->acknowledged_bytes().value_or(0)) {
  lower_->set_handler(this);
}

TlsStream::~TlsStream() {
  close();
}

void TlsStream::start_reading() {
  is_reading_ = true;
  if (state_ == State::idle) return begin();
  if (state_ != State::open) return;
  if (has_unread()) return desk_->add(place_);
  lower_->start_reading();
}

void TlsStream::stop_reading() {
  is_reading_ = false;
  if (state_ == State::open) lower_->stop_reading();
}

void TlsStream::begin() {
  state_ = engine_ ? State::handshake : State::hello;
  lower_->start_reading();
  Bytes nothing;
  if (engine_ && engine_->shake_hands(nothing, output_) == Outcome::failed) {
    lose_later(engine_->failure());
  }
  flush();
}

template <typename Work>
void TlsStream::guard(Work&& work) {
  try {
    work();
  } catch (const std::bad_alloc&) {
    if (state_ != State::over) lose("out of memory");
  }
}

void TlsStream::on_data(MutableBytes data) {
  if (state_ == State::over) return;
  guard([&] {
    if (unread_.empty()) return receive(data);
    unread_.append(data);
    read_kept();
  });
}

// What came while nobody reads waits encrypted; it's no more than what a loop reads at once.
void TlsStream::receive(Bytes input) {
  if (state_ == State::hello || state_ == State::answering) return receive_hello(input);
  if (state_ == State::queued) return unread_.append(input);
  if (state_ == State::handshake) shake_hands(input);
  if (state_ != State::open) return;
  read(input);
  if (state_ == State::open && ending_ == Outcome::done) unread_.append(input);
}

bool TlsStream::has_unread() const {
  return !unread_.empty() || is_full_ || (ending_ != Outcome::done && !is_ended_);
}

void TlsStream::catch_up() {
  if (!loss_.empty() && state_ != State::over) return tell_loss(std::exchange(loss_, {}));
  guard([this] { state_ == State::queued ? start_queued_handshake() : read_kept(); });
}

void TlsStream::read_kept() {
  if (state_ != State::open || !is_reading_) return;
  const Buffer unread = std::exchange(unread_, {});
  receive(unread.bytes());
  if (state_ == State::open && is_reading_ && !has_unread()) lower_->start_reading();
}

void TlsStream::receive_hello(Bytes input) {
  if (!opening_) return;  // it has had its answer
  start_ = TlsStart::attempt;
  switch (opening_->hello.receive(input)) {
    case TlsHello::Kind::unknown:
      break;
    case TlsHello::Kind::client_hello:
      return desk_->takes_handshake() ? start_handshake() : queue_handshake();
    case TlsHello::Kind::plain_http:
      state_ = State::answering;
      return answer_plain_http(false);
    case TlsHello::Kind::foreign:
      return lose(std::string(no_tls));
    case TlsHello::Kind::too_large:
      return lose("the peer's first TLS message is larger than 16 KiB");
  }
}

// What has been read already is still told: it waits too.
void TlsStream::queue_handshake() {
  state_ = State::queued;
  lower_->stop_reading();
  desk_->add_handshake(place_);
}

void TlsStream::start_queued_handshake() {
  start_handshake();
  const Buffer unread = std::exchange(unread_, {});
  receive(unread.bytes());
  if (state_ == State::handshake || (state_ == State::open && is_reading_)) lower_->start_reading();
}

void TlsStream::start_handshake() {
  const auto opening = std::exchange(opening_, nullptr);
  before_ = lower_->acknowledged_bytes().value_or(0);
  engine_ = opening->make_engine();
  if (!engine_) return lose("out of memory");
  state_ = State::handshake;
  receive(opening->hello.bytes());
}

// The peer reads the answer, and ends the connection: only then is it told of as lost.
void TlsStream::answer_plain_http(bool is_all) {
  const std::string_view head = opening_->hello.text();
  const bool is_complete = head.find("\r\n\r\n") != std::string_view::npos;
  if (!is_all && !is_complete && head.size() < TlsHello::max_size) return;
  if (opening_->answer && *opening_->answer) {
    const PlainHttpReply reply = (*opening_->answer)(head);
    output_.append(reply.bytes);
    if (!reply.is_attempt) start_ = TlsStart::plain_request;
  }
  opening_.reset();
  if (output_.empty()) return lose(std::string(plain_http));
  finish_writing();
}

void TlsStream::shake_hands(Bytes& input) {
  const std::size_t size = input.size();
  if (received_ == 0 && size > 0 && !is_tls(input.front())) return lose(std::string(no_tls));
  const Outcome outcome = engine_->shake_hands(input, output_);
  received_ += size - input.size();
  flush();
  if (outcome == Outcome::done) return open();
  if (outcome == Outcome::failed) return lose(engine_->failure());
  if (outcome == Outcome::finished) return lose(std::string(ended_early));
  if (received_ > max_handshake_size) lose("the TLS handshake is larger than 64 KiB");
}

void TlsStream::open() {
  state_ = State::open;
  is_shaken_ = true;
  is_full_ = true;  // of what else came with the last message, if anything
  if (!is_reading_) lower_->stop_reading();
  if (wants_room_ && output_.empty()) {
    wants_room_ = false;
    handler_->on_writable();
  }
}

void TlsStream::read(Bytes& input) {
  while (state_ == State::open && is_reading_ && ending_ == Outcome::done &&
         (is_full_ || !input.empty())) {
    const std::size_t size = decrypt(input);
    flush();
    if (output_.size() > most_answers) return lose("the peer asks for answers, and reads none");
    if (size == 0) break;
    handler_->on_data(desk_->plain().first(size));
  }
  tell_ending();
}

std::size_t TlsStream::decrypt(Bytes& input) {
  const MutableBytes plain = desk_->plain();
  std::size_t size = 0;
  TlsEngine::Reading reading{Outcome::done, 0};
  while (reading.outcome == Outcome::done && size < plain.size()) {
    reading = engine_->read(input, plain.subspan(size), output_);
    size += reading.size;
  }
  is_full_ = reading.outcome == Outcome::done;
  if (!is_full_ && reading.outcome != Outcome::hungry) ending_ = reading.outcome;
  return size;
}

void TlsStream::tell_ending() {
  if (state_ != State::open || !is_reading_ || is_ended_) return;
  if (ending_ == Outcome::failed) return lose(engine_->failure());
  if (ending_ != Outcome::finished) return;
  is_ended_ = true;
  handler_->on_end(false, "");
}

void TlsStream::on_end(bool lost, std::string reason) {
  if (state_ == State::over) return;
  if (lost) return tell_loss(std::move(reason));
  if (ending_ == Outcome::finished) return;
  if (state_ == State::open) return lose(std::string(no_close_notify));
  if (state_ == State::answering && opening_) answer_plain_http(true);
  if (state_ == State::answering) return lose(std::string(plain_http));
  if (state_ == State::hello && opening_->hello.bytes().empty()) {
    ending_ = Outcome::finished;
    is_ended_ = true;
    return handler_->on_end(false, "");
  }
  if (state_ != State::over) lose(std::string(ended_early));
}

// Of records that a slow peer reads by and by, each part that leaves is told.
void TlsStream::on_writable() {
  const std::size_t waiting = output_.size();
  is_blocked_ = false;
  flush();
  const bool has_left = output_.empty() || output_.size() < waiting;
  if (is_finishing_) {
    if (!output_.empty()) return;
    lower_->finish_writing();
    if (is_ended_) handler_->on_writable();
  } else if (state_ == State::open && wants_room_ && has_left) {
    wants_room_ = !output_.empty();
    handler_->on_writable();
  }
}

std::size_t TlsStream::write(std::span<const Bytes> pieces) {
  if (state_ == State::idle) begin();
  flush();
  Pieces rest(pieces);
  const std::size_t begun = std::exchange(begun_, 0);
  rest.consume(begun);
  return begun + write_on(rest);
}

Outgoing TlsStream::begin_write(Bytes bytes) {
  if (!takes_writes()) return {};
  Pieces rest({&bytes, 1});
  begun_ = encrypt(rest);
  return output_.empty() ? Outgoing() : lower_->begin_write(std::as_const(output_).bytes());
}

std::size_t TlsStream::end_write(Bytes bytes, const Transfer& transfer) {
  note_sent(lower_->end_write(std::as_const(output_).bytes(), transfer));
  const std::size_t begun = std::exchange(begun_, 0);
  const Bytes rest = bytes.subspan(begun);
  return begun + write_on(Pieces({&rest, 1}));
}

bool TlsStream::takes_writes() const {
  const bool is_open = state_ == State::open && !is_finishing_ && loss_.empty();
  return is_open && !is_blocked_ && output_.empty();
}

std::size_t TlsStream::write_on(Pieces rest) {
  std::size_t taken = 0;
  while (takes_writes() && !rest.empty()) {
    taken += encrypt(rest);
    flush();
  }
  wants_room_ = (!rest.empty() || !output_.empty()) && !is_finishing_;
  return taken;
}

std::size_t TlsStream::encrypt(Pieces& rest) {
  std::size_t taken = 0;
  while (!rest.empty() && taken < most_in_turn) {
    const Bytes record = take_record(rest);
    if (!engine_->write(record, output_)) {
      lose_later(engine_->failure());
      break;
    }
    taken += record.size();
  }
  plain_bytes_ += taken;
  return taken;
}

// What many small pieces have lies in one record; large ones aren't copied together.
Bytes TlsStream::take_record(Pieces& rest) {
  std::array<Bytes, 2> next;
  const std::size_t count = rest.peek(next);
  if (count == 1 || next[0].size() >= record_size) {
    const Bytes record = next[0].first(std::min(next[0].size(), most_in_turn));
    rest.consume(record.size());
    return record;
  }
  std::vector<std::byte>& gathered = desk_->gathered();
  gathered.clear();
  rest.move_to(gathered, record_size);
  return gathered;
}

void TlsStream::flush() {
  if (output_.empty() || is_blocked_) return;
  const Bytes bytes = std::as_const(output_).bytes();
  note_sent(lower_->write({&bytes, 1}));
}

void TlsStream::note_sent(std::size_t sent) {
  sent_bytes_ += sent;
  output_.erase_front(sent);
  is_blocked_ = !output_.empty();
  if (output_.empty()) output_.release();
}

// Records and what TLS itself says count as if they were what has not arrived yet: never too much.
std::optional<std::uint64_t> TlsStream::acknowledged_bytes() const {
  const auto acknowledged = lower_->acknowledged_bytes();
  if (!acknowledged) return std::nullopt;
  const std::uint64_t arrived = *acknowledged - std::min(*acknowledged, before_);
  const std::uint64_t encrypted = sent_bytes_ + output_.size();
  const std::uint64_t missing = encrypted - std::min(arrived, encrypted);
  acknowledged_ = std::max(acknowledged_, plain_bytes_ - std::min(plain_bytes_, missing));
  return acknowledged_;
}

// As much as it is when the records are as long as they can be.
std::size_t TlsStream::readable_bytes() const {
  const std::size_t bytes = lower_->readable_bytes() + unread_.size();
  if (!is_shaken_ || bytes == 0) return bytes;
  const std::size_t overhead = engine_ ? engine_->record_overhead() : 0;
  const std::size_t records = (bytes - 1) / (record_size + overhead) + 1;
  return bytes - std::min(bytes, records * overhead);
}

void TlsStream::finish_writing() {
  if (is_finishing_ || state_ == State::over) return;
  is_finishing_ = true;
  wants_room_ = false;
  if (state_ == State::open) engine_->finish(output_);
  flush();
  if (output_.empty()) lower_->finish_writing();
}

void TlsStream::close() {
  if (takes_writes()) {
    engine_->finish(output_);
    run_task([this] { flush(); });
  }
  lower_->close();
  leave();
}

void TlsStream::reset() {
  lower_->reset();
  leave();
}

void TlsStream::leave() {
  state_ = State::over;
  desk_->remove(place_);
  output_.release();
  unread_.release();
  engine_.reset();
}

std::optional<TlsInfo> TlsStream::tls() const {
  return engine_ && is_shaken_ ? std::optional(engine_->info()) : std::nullopt;
}

// The alert that says why still leaves.
void TlsStream::lose(std::string reason) {
  flush();
  if (output_.empty()) lower_->finish_writing();
  tell_loss(std::move(reason));
}

void TlsStream::lose_later(std::string reason) {
  loss_ = std::move(reason);
  desk_->add(place_);
}

void TlsStream::tell_loss(std::string reason) {
  state_ = State::over;
  unread_.release();
  handler_->on_end(true, std::move(reason));
}

}  // namespace simws::transport
