#include "endpoint/http_serving.h"

#include "protocol/http/cors.h"
#include "protocol/http/response.h"
#include "protocol/http/syntax.h"
#include "protocol/token.h"

#include <algorithm>
#include <ctime>
#include <iterator>
#include <utility>
#include <variant>

namespace simws::endpoint {

namespace http = protocol::http;
using http::ParseStatus;

namespace {

// A client that asks without reading is not answered further until it has read.
constexpr std::size_t max_queued_answers = 64u << 10;

// What a client that isn't well-behaved sends before it's told that it may.
constexpr std::size_t max_waiting_for_decision = 64u << 10;

}  // namespace

HttpServing::HttpServing(Channel& channel, HttpHost& host, const HttpRules& rules,
                         Admission admission)
    : channel_(channel), host_(host), rules_(rules), parser_(rules.limits), admission_(admission) {
  channel_.set_deadline(DeadlineKind::handshake);
}

void HttpServing::on_data(MutableBytes data) {
  receive(data);
}

// Whoever takes the channel over may destroy this object: nothing of it is touched after that.
void HttpServing::receive(MutableBytes data) {
  Bytes rest = data;
  // A request without a body ends with its head, be `rest` empty by then.
  while (state_ != State::done && (!rest.empty() || parser_.has_head())) {
    const bool reads_answers = channel_.queued_bytes() <= max_queued_answers;
    if (state_ == State::idle && !reads_answers) channel_.set_hold(Channel::Hold::answers, true);
    if (!may_go_on()) {
      waiting_.append(as_text(rest));
      // An attempt that is being decided is read on: the peer may leave.
      if (state_ == State::deciding && waiting_.size() <= max_waiting_for_decision) return;
      return channel_.set_hold(Channel::Hold::waiting, true);
    }
    const ParseStatus status = parser_.parse(rest);
    begin_request();
    switch (status) {
      case ParseStatus::need_more:
        return ask_for_body();
      case ParseStatus::fail:
        return refuse_malformed();
      case ParseStatus::head:
        if (handle_head(data.last(rest.size()))) return;
        break;
      case ParseStatus::done:
        handle_request();
    }
  }
}

// Held again where something still has to wait.
void HttpServing::receive_waiting() {
  std::string waiting = std::exchange(waiting_, {});
  channel_.set_hold(Channel::Hold::waiting, false);
  receive(as_mutable_bytes(waiting));
}

bool HttpServing::may_go_on() const {
  if (state_ == State::answering || state_ == State::later || state_ == State::deciding) {
    return false;
  }
  return state_ != State::idle || !channel_.is_held_for(Channel::Hold::answers);
}

void HttpServing::begin_request() {
  if (state_ != State::idle || !parser_.started()) return;
  state_ = State::reading;
  if (channel_.deadline() == DeadlineKind::keep_alive) {
    channel_.set_deadline(DeadlineKind::handshake);
  }
}

void HttpServing::ask_for_body() {
  if (!parser_.has_head() || !parser_.expects_continue()) return;
  if (std::exchange(told_continue_, true)) return;
  std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
  channel_.output().append_raw(std::move(interim));
  channel_.queued();
}

void HttpServing::note_head() {
  head_ = rules_.hides_tokens ? protocol::without_tokens(parser_.head()) : parser_.head();
  host_.on_head(head_);
}

// True: nothing more is to be read here.
bool HttpServing::handle_head(MutableBytes rest) {
  note_head();
  minor_version_ = parser_.minor_version();
  keep_alive_ = parser_.keep_alive() && !channel_.has_peer_ended() && !channel_.group().ends();
  told_continue_ = false;
  protocol::EntryRequest request(parser_.head());
  request.is_websocket = protocol::is_websocket_attempt(request.head);
  request.is_secure = rules_.needs_tls;
  const auto forwarded = find_client();
  if (forwarded) {
    request.is_secure = forwarded->is_secure.value_or(request.is_secure);
    if (forwarded->host) request.host = *forwarded->host;
  }
  const Admission admission = judge_client(forwarded, request.is_websocket);
  if (admission != Admission::admitted) {
    refuse_admission(admission, request.is_websocket);
    return true;
  }
  return request.is_websocket ? handle_attempt(request, rest) : handle_plain_head(request);
}

bool HttpServing::handle_plain_head(const protocol::EntryRequest& request) {
  if (auto refused = rules_.services.refuse(request)) {
    refuse(std::move(refused->response), refused->reason, false);
    return true;
  }
  if (auto answer = rules_.services.answer_head(request)) {
    answer_ = std::make_unique<HttpResponse>(std::move(*answer));
  }
  return false;
}

void HttpServing::handle_request() {
  state_ = State::answering;
  channel_.clear_deadline();
  if (auto* const figures = channel_.group().server_figures()) figures->http_requests.add(1);
  const RequestHead as_it_came = parser_.head();
  const std::string body = parser_.take_body();
  if (const auto answer = std::exchange(answer_, nullptr)) {
    (void)respond(std::move(*answer));
    return;
  }
  if (is_answered_by_service({as_it_came.method(), as_it_came.resource(), body, as_it_came})) {
    return;
  }
  host_.on_request({head_.method(), head_.resource(), body, head_});
  if (state_ == State::answering) channel_.set_hold(Channel::Hold::response, true);
}

bool HttpServing::is_answered_by_service(const HttpRequest& request) {
  auto [now, later] = rules_.services.answer(request, *this);
  if (now) {
    (void)respond(std::move(*now));
    return true;
  }
  if (!later) return false;
  begin_later(std::move(later));
  return true;
}

void HttpServing::respond_by_default(HttpResponse response) {
  if (state_ != State::answering) return;
  if (is_answered_by_service({head_.method(), head_.resource(), {}, head_})) return;
  (void)respond(std::move(response));
}

void HttpServing::refuse_malformed() {
  if (parser_.has_head()) {
    note_head();
  } else {
    head_ = {};
  }
  const http::Refusal refusal = parser_.refusal();
  if (refusal.status == http::unanswerable) return end_refused("closed", refusal.reason, true);
  refuse(http::plain_response(refusal.status, refusal.reason), refusal.reason,
         parser_.is_websocket_attempt());
}

void HttpServing::refuse(HttpResponse response, std::string_view reason, bool is_attempt) {
  const std::string how = "refused with " + std::to_string(response.status);
  keep_alive_ = false;
  upgrade_.reset();
  if (const auto queued = queue_response(std::move(response)); !queued) {
    channel_.log(LogLevel::error, "answered with 500: " + queued.error().message);
    queue_failure("The answer could not be sent.");
  }
  end_refused(how, reason, is_attempt);
}

void HttpServing::end_refused(std::string_view how, std::string_view reason, bool is_attempt) {
  channel_.group().counters().refused.add(1);
  channel_.log_of_peer(LogLevel::warning, std::string(how).append(": ").append(reason));
  state_ = State::done;
  if (is_attempt) host_.on_failed(reason);
  channel_.finish(Channel::Leaving::at_leisure);
}

Result<bool> HttpServing::respond(HttpResponse response) {
  if (state_ == State::deciding) return decline(std::move(response), {});
  if (state_ != State::answering) return false;
  const std::size_t size = response.body.size();
  if (channel_.outlet().has_room_for_answer(size)) return respond(std::move(response), {});
  refuse_answer(size);
  return true;
}

void HttpServing::refuse_answer(std::size_t bytes) {
  if (is_deciding()) {
    return decline(http::plain_response(500, "The server has no room for this answer."),
                   "an answer of " + std::to_string(bytes) + " bytes passes maxTotalQueuedBytes",
                   {});
  }
  if (state_ != State::answering) return;
  const std::size_t limit = channel_.outlet().budget()->max_total_queued_bytes();
  channel_.log_of_peer(LogLevel::error, "answered with 500: an answer of " + std::to_string(bytes) +
                                            " bytes would pass maxTotalQueuedBytes (" +
                                            std::to_string(limit) + ")");
  queue_failure("The server has no room for this answer.");
  finish_response();
}

Result<bool> HttpServing::respond(HttpResponse response, protocol::Charge charge) {
  if (state_ == State::deciding) return decline(std::move(response), std::move(charge));
  if (state_ != State::answering) return false;
  const Result<void> queued = queue_response(std::move(response));
  charge.arrive();
  if (!queued) {
    channel_.log(LogLevel::error, "answered with 500: " + queued.error().message);
    queue_failure("The answer could not be sent.");
  }
  finish_response();
  if (!queued) return queued.error();
  return true;
}

void HttpServing::queue_failure(std::string_view text) {
  (void)queue_response(http::plain_response(500, text));
}

// The body isn't copied: it leaves as a piece of its own.
Result<void> HttpServing::queue_response(HttpResponse response,
                                         std::optional<std::uint64_t> length) {
  if (channel_.group().ends()) keep_alive_ = false;
  const http::ResponseContext context{head_.method(),
                                      head_.resource(),
                                      rules_.handshake.server_name,
                                      keep_alive_,
                                      minor_version_,
                                      rules_.handshake.entry.origins,
                                      std::time(nullptr),
                                      length};
  HeaderList cors = http::cors_fields(response.headers, head_, rules_.handshake.entry.cors_origins);
  std::ranges::move(cors, std::back_inserter(response.headers));
  auto encoded = http::encode_response(std::move(response), context);
  if (!encoded) return encoded.error();
  Output& output = channel_.output();
  output.append_raw(std::move(encoded->head));
  output.append_raw(std::move(encoded->body));
  channel_.queued();
  return {};
}

void HttpServing::finish_response() {
  state_ = State::idle;
  if (!keep_alive_ || channel_.has_peer_ended() || channel_.group().ends()) {
    state_ = State::done;
    return channel_.finish(Channel::Leaving::at_leisure);
  }
  channel_.set_deadline(DeadlineKind::keep_alive);
  channel_.set_hold(Channel::Hold::response, false);
  // What waits is handled at the end of the turn: `respond` may be called inside a handler.
  if (!waiting_.empty()) channel_.queued();
}

void HttpServing::on_turn_end() {
  if (state_ == State::deciding && upgrade_->is_decided) return finish_decision();
  if (state_ == State::later && later_->is_over()) return finish_body();
  if (!waiting_.empty() && may_go_on()) receive_waiting();
}

void HttpServing::on_all_taken() {
  // It's not the peer who is waited for.
  if (state_ == State::later && channel_.deadline() == DeadlineKind::keep_alive) {
    channel_.clear_deadline();
  }
  channel_.set_hold(Channel::Hold::answers, false);
  if (!waiting_.empty() && may_go_on()) channel_.queued();
}

// An answer may take long as long as it's read.
void HttpServing::on_progress() {
  if (channel_.deadline() != DeadlineKind::keep_alive) return;
  if (state_ == State::later) return await_reader();
  channel_.set_deadline(DeadlineKind::keep_alive);
}

void HttpServing::on_peer_end(bool lost, std::string_view reason) {
  if (!lost && (state_ == State::answering || state_ == State::later)) return;
  const bool in_request = parser_.started();
  const bool was_deciding = state_ == State::deciding;
  later_.reset();
  state_ = State::done;
  upgrade_.reset();
  if (shakes_hands()) note_no_tls(reason);
  if (in_request) {
    if (!lost) {
      reason = was_deciding ? "the peer left before the upgrade handler had decided"
                            : "the peer ended in the middle of a request";
    }
    channel_.group().counters().refused.add(1);
    channel_.log_of_peer(LogLevel::info, reason);
    host_.on_failed(reason);
  }
  channel_.finish(Channel::Leaving::at_leisure);
}

bool HttpServing::shakes_hands() const {
  return rules_.needs_tls && !channel_.tls() &&
         channel_.tls_start() != transport::TlsStart::nothing;
}

// Whose request of plain HTTP was answered has been told what to do; anybody else's attempt has
// failed.
void HttpServing::note_no_tls(std::string_view reason) {
  channel_.group().counters().refused.add(1);
  channel_.log_of_peer(LogLevel::info, reason);
  if (channel_.tls_start() == transport::TlsStart::attempt) host_.on_failed(reason);
}

void HttpServing::on_deadline(DeadlineKind kind) {
  if (state_ == State::later) return judge_reader(kind);
  if (kind == DeadlineKind::close) return channel_.close();
  if (kind == DeadlineKind::keep_alive) return channel_.finish();
  if (!parser_.started()) {
    if (shakes_hands()) note_no_tls("the TLS handshake was not done within handshakeTimeout");
    return channel_.close();
  }
  if (state_ == State::deciding) {
    return refuse(http::plain_response(503, "The server did not decide in time."),
                  "the upgrade handler (setUpgradeHandler) did not decide within handshakeTimeout",
                  true);
  }
  refuse(http::plain_response(408, "The request did not come in time."),
         "the request was not complete within handshakeTimeout", true);
}

// What only waits for the peer to read its answers ends by a deadline.
Unfinished HttpServing::unfinished() const {
  const bool waits =
      state_ == State::answering || state_ == State::later || state_ == State::deciding;
  const std::size_t waiting = waits ? waiting_.size() : 0;
  return {parser_.has_head(), (parser_.has_head() ? parser_.body_size() : 0) + waiting,
          parser_.missing_bytes().value_or(Unfinished::unknown)};
}

void HttpServing::give_up_message() {
  refuse(http::plain_response(408, "The body gained too little while others waited."),
         "the body gained less than 64 KiB within handshakeTimeout while others waited "
         "(maxPendingBytes)",
         true);
}

// A request can't be seen while nothing is read: its time begins anew when reading goes on.
void HttpServing::on_reading(bool reads) {
  if (state_ == State::deciding) return;  // it's ours to decide in time
  if (!reads && channel_.deadline() == DeadlineKind::handshake) channel_.clear_deadline();
  const bool is_answered = state_ == State::answering || state_ == State::later;
  if (reads && !is_answered && channel_.deadline() == DeadlineKind::none) {
    channel_.set_deadline(DeadlineKind::handshake);
  }
}

}  // namespace simws::endpoint
