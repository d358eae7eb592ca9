#include "endpoint/deflating.h"

#include <algorithm>
#include <utility>

namespace simws::endpoint {

using protocol::FrameOpcode;
using protocol::MessageView;

namespace {

// Larger ones are compressed in portions.
constexpr std::size_t most_at_once = DeflateDesk::portion;

// What each message costs besides its bytes.
constexpr std::size_t message_cost = 256;

bool is_whole(FrameOpcode opcode, bool fin) {
  return fin && opcode != FrameOpcode::continuation;
}

// By how much a level takes longer than the first.
std::size_t weight_of(int level) {
  return level <= 3 ? 1 : level <= 6 ? 2 : 4;
}

}  // namespace

Deflating::Deflating(Channel& channel, const protocol::Session& session, const DeflateRules& rules)
    : channel_(channel),
      session_(session),
      rules_(rules),
      desk_(channel.group().turn_end().deflate_desk()),
      deflater_(desk_.pool(), rules.side, rules.effort) {}

Deflating::~Deflating() {
  desk_.forget(*this);
}

std::size_t Deflating::effort_of(std::size_t bytes) const {
  return bytes * weight_of(rules_.effort.level);
}

std::size_t Deflating::bytes_for(std::size_t effort) const {
  return std::max<std::size_t>(effort / weight_of(rules_.effort.level), 1);
}

// Each is asked for once, in order. What a message's first fragment is, the others are too.
bool Deflating::is_compressed(FrameOpcode opcode, bool fin, std::size_t size, bool may_compress) {
  const bool begins = opcode != FrameOpcode::continuation;
  const bool compressed =
      begins ? may_compress && size >= rules_.threshold : fragmented_ == Fragmented::compressed;
  fragmented_ = fin ? Fragmented::none : compressed ? Fragmented::compressed : Fragmented::plain;
  return compressed;
}

bool Deflating::uses_form(const protocol::OutgoingMessage& message) const {
  return message.shared && !rules_.side.takes_context_over && session_.sends_plain_frames();
}

protocol::SharedForm& Deflating::form_of(const protocol::SharedMessage& message) {
  return protocol::form_of(message, desk_.pool(), rules_.side.window_bits, rules_.effort);
}

bool Deflating::is_done_at_once(std::size_t size) {
  return size <= most_at_once && desk_.takes_at_once(effort_of(size + message_cost));
}

bool Deflating::take(FrameOpcode opcode, bool fin, Bytes payload, bool may_compress) {
  const bool compressed = is_compressed(opcode, fin, payload.size(), may_compress);
  if (!channel_.waiting_output()) {
    if (!compressed) return false;
    if (is_done_at_once(payload.size())) return compress_at_once(opcode, fin, payload);
  }
  protocol::OutgoingMessage message;
  message.own.assign(as_text(payload), static_cast<Opcode>(opcode), fin);
  wait(message, compressed);
  return true;
}

bool Deflating::take(protocol::OutgoingMessage& message) {
  if (message.shared) {
    const bool taken = take(message.shared, message.compress);
    if (taken) message.charge.arrive();
    return taken;
  }
  const MessageView view = message.own.view();
  const std::size_t size = view.payload().size();
  const bool compressed = is_compressed(view.opcode(), view.ends_message(), size, message.compress);
  if (!channel_.waiting_output()) {
    if (!compressed) return false;
    if (is_done_at_once(size)) {
      const bool taken = compress_at_once(view.opcode(), view.ends_message(), view.payload());
      if (taken) message.charge.arrive();
      return taken;
    }
  }
  wait(message, compressed);
  return true;
}

bool Deflating::take(const protocol::SharedMessagePtr& message, bool may_compress) {
  const MessageView& view = message->view();
  const std::size_t size = view.payload().size();
  const bool compressed = is_compressed(view.opcode(), true, size, may_compress);
  protocol::OutgoingMessage outgoing;
  outgoing.shared = message;
  if (!channel_.waiting_output()) {
    if (!compressed) return false;
    if (!uses_form(outgoing)) {
      if (is_done_at_once(size)) return compress_at_once(view.opcode(), true, view.payload());
    } else if (form_of(*message).is_made() || is_done_at_once(size)) {
      share_at_once(message);
      return true;
    }
  }
  wait(outgoing, compressed);
  return true;
}

void Deflating::wait(protocol::OutgoingMessage& message, bool is_compressed) {
  channel_.output().append_waiting(message, is_compressed);
  desk_.add(*this);
}

// False: it doesn't shrink, and leaves as it is.
bool Deflating::compress_at_once(FrameOpcode opcode, bool fin, Bytes payload) {
  const bool whole = is_whole(opcode, fin);
  Buffer& frame = desk_.pool().scratch();
  deflater_.begin(whole ? payload.size() : protocol::MessageDeflater::unknown_size);
  if (fin) {
    deflater_.end_message(payload, frame);
  } else {
    deflater_.end_fragment(payload, frame);
  }
  if (whole && frame.size() >= payload.size()) {
    deflater_.forget_message();
    return false;
  }
  append_compressed(opcode, fin, frame.bytes());
  return true;
}

void Deflating::share_at_once(const protocol::SharedMessagePtr& message) {
  protocol::SharedForm& form = form_of(*message);
  while (!form.is_made()) form.advance(*message, most_at_once, desk_.shared_messages());
  append_form(message);
}

std::size_t Deflating::work(std::size_t most) noexcept {
  Output* const output = channel_.waiting_output();
  if (!output) return 0;
  try {
    const std::size_t done = work_on(*output, bytes_for(most));
    channel_.queued();
    return effort_of(done);
  } catch (...) {
    channel_.give_up();
    return 0;
  }
}

std::size_t Deflating::work_on(Output& output, std::size_t most) {
  WaitingMessages& waiting = output.waiting();
  std::size_t done = 0;
  while (!waiting.empty() && done < most) {
    WaitingMessage& first = waiting.first();
    if (first.is_compressed && !compress(first, most - done, done)) break;
    append_waited(output.take_waiting());
    done += message_cost;
  }
  if (waiting.empty()) output.end_waiting();
  return done;
}

// True: it can leave. What was compressed is added to `done`.
bool Deflating::compress(WaitingMessage& waiting, std::size_t most, std::size_t& done) {
  if (!uses_form(waiting.message)) return compress_frame(waiting, most, done);
  const protocol::SharedMessage& shared = *waiting.message.shared;
  protocol::SharedForm& form = form_of(shared);
  if (!form.is_made()) done += form.advance(shared, most, desk_.shared_messages());
  return form.is_made();
}

bool Deflating::compress_frame(WaitingMessage& waiting, std::size_t most, std::size_t& done) {
  const MessageView message = waiting.message.view();
  const Bytes payload = message.payload();
  const bool whole = is_whole(message.opcode(), message.ends_message());
  if (waiting.done == 0) {
    deflater_.begin(whole ? payload.size() : protocol::MessageDeflater::unknown_size);
  }
  const Bytes portion =
      payload.subspan(waiting.done, std::min(most, payload.size() - waiting.done));
  waiting.done += portion.size();
  done += portion.size();
  const bool is_last = waiting.done == payload.size();
  if (!is_last) {
    deflater_.add(portion, waiting.compressed);
  } else if (message.ends_message()) {
    deflater_.end_message(portion, waiting.compressed);
  } else {
    deflater_.end_fragment(portion, waiting.compressed);
  }
  if (!whole || waiting.compressed.size() < payload.size()) return is_last;
  deflater_.forget_message();
  waiting.compressed.release();
  waiting.is_compressed = false;
  return true;
}

void Deflating::append_waited(WaitingMessage waiting) {
  protocol::OutgoingMessage& message = waiting.message;
  const MessageView view = message.view();
  if (!waiting.is_compressed) return append_plain(message);
  if (uses_form(message)) return append_form(message.shared);
  append_compressed(view.opcode(), view.ends_message(), waiting.compressed.bytes());
}

// REQUIRES: it's made.
void Deflating::append_form(const protocol::SharedMessagePtr& message) {
  const protocol::SharedMessagePtr& compressed = form_of(*message).compressed();
  channel_.output().append_shared(compressed ? *compressed : *message);
  channel_.queued();
}

void Deflating::append_compressed(FrameOpcode opcode, bool fin, Bytes payload) {
  const bool begins = opcode != FrameOpcode::continuation;  // RFC 7692, 6
  channel_.output().append_encoded(session_, {.fin = fin, .rsv1 = begins, .opcode = opcode},
                                   payload);
  channel_.queued();
}

void Deflating::append_plain(protocol::OutgoingMessage& message) {
  Output& output = channel_.output();
  if (session_.sends_plain_frames()) return output.append_message(message);
  const MessageView view = message.view();
  output.append_encoded(session_, {.fin = view.ends_message(), .opcode = view.opcode()},
                        view.payload());
}

}  // namespace simws::endpoint
