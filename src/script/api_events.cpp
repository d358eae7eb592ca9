// How events reach the script's handlers.
#include "base/query.h"
#include "script/api.h"
#include "script/describe.h"
#include "script/http_answer.h"
#include "script/request_map.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace simws::script {

using dispatch::Event;
using dispatch::EventKind;

namespace {

// A function that takes any number of arguments was written before messages had topics.
std::size_t told_to_any(const Event& message) {
  if (message.viewer) return 6;
  return message.topic.empty() ? 4 : 5;
}

Value viewer_value(const RemoteViewer& remote) {
  Map viewer = {{"address", {remote.address}}, {"connection", integer_value(remote.connection)}};
  return {Map{{"edge", {remote.edge}}, {"viewer", {std::move(viewer)}}}};
}

}  // namespace

void Api::on_event(const Event& event) {
  if (has_ended_) return;
  if (log_->least() == LogLevel::debug && event.kind != EventKind::message) log_event(event);
  Callback* const callback = handlers_.find(event.endpoint, callback_kind(event.kind));
  if (!callback) return;
  const bool is_request = event.kind == EventKind::http || event.kind == EventKind::upgrade;
  is_request ? answer(event, *callback) : notify(event, *callback);
}

// "simWS.Connection:1:17: httpCallback, GET '/page'", without the query, which may hold a secret.
void Api::log_event(const Event& event) const {
  std::string line(HandleText(ConnectionHandle{event.endpoint, event.connection}).view());
  line.append(": ").append(callback_row(callback_kind(event.kind)).name);
  if (!event.method.empty()) {
    line.append(", ").append(event.method).append(" ").append(quote(path_of(event.resource)));
  }
  log(LogLevel::debug, line);
}

void Api::notify(const Event& event, Callback& callback) {
  const Handlers::Running running(handlers_);
  const auto arity = engine_.find(callback);
  if (!arity) return report_missing(callback, event.endpoint);

  const bool is_binary = event.opcode == Opcode::binary;
  latest_.set({event.endpoint, event.connection});
  std::array<Value, max_callback_parameters> arguments = {
      data_value(latest_.endpoint(), DataKind::handle),
      data_value(latest_.connection(), DataKind::handle),
      data_value(event.data, is_binary ? DataKind::binary : DataKind::text, event.memory),
      integer_value(event.opcode),
      Value{},
      Value{}};
  const Value topic = data_value(event.topic, DataKind::text);
  if (event.kind == EventKind::drop) {
    arguments[2] = topic;
    arguments[3] = integer_value(event.count);
  } else if (!event.topic.empty()) {
    arguments[4] = topic;
  }
  if (event.viewer) {
    arguments[1] = integer_value(0);
    arguments[5] = viewer_value(*event.viewer);
  }
  const CallbackRow& row = callback_row(callback_kind(event.kind));
  const bool takes_any = *arity > row.parameters.size();
  const std::size_t most =
      event.kind == EventKind::message && takes_any ? told_to_any(event) : row.parameters.size();
  const std::size_t count = std::clamp(*arity, row.always, most);
  const auto called = engine_.call(std::span(arguments).first(count), {});
  if (!called) report(event, callback, called.error());
}

// Without such a function nothing is there, and nobody is let in.
void Api::answer(const Event& event, Callback& callback) {
  const Handlers::Running running(handlers_);
  std::array<Value, max_callback_results> results;
  const auto arity = engine_.find(callback);
  if (!arity) {
    return answer_with(event, callback, Error{ErrorCode::callback_missing, ""}, results);
  }
  const CallbackRow& row = callback_row(callback_kind(event.kind));
  const std::size_t count = std::clamp(*arity, row.always, row.parameters.size());
  latest_.set({event.endpoint, event.connection});
  const auto arguments = request_arguments(event, count == row.parameters.size());
  request_ = &event;
  request_callback_ = &callback;
  const auto called = engine_.call(std::span(arguments).first(count), results);
  if (!std::exchange(request_, nullptr)) return;
  if (dispatcher_.has_pass_ended()) return respond(event, unavailable());
  answer_with(event, callback, called, results);
}

std::array<Value, max_callback_parameters> Api::request_arguments(const Event& event,
                                                                  bool has_request) {
  const Value server = data_value(latest_.endpoint(), DataKind::handle);
  const Value connection = data_value(latest_.connection(), DataKind::handle);
  if (event.kind == EventKind::upgrade) {
    return {server, connection, Value{request_map_of(event)}, Value{}, Value{}, Value{}};
  }
  return {server,
          connection,
          data_value(event.resource, DataKind::text),
          data_value(event.data, DataKind::binary),
          has_request ? Value{request_map_of(event)} : Value{},
          Value{}};
}

LaterAnswer Api::answer_later() {
  const Event& event = *std::exchange(request_, nullptr);
  dispatcher_.defer(event.endpoint, event.connection);
  return {event.kind, event.endpoint, event.connection, std::string(event.resource),
          request_callback_->name};
}

void Api::finish_answer(const LaterAnswer& later, const Result<void>& called,
                        std::span<Value, max_callback_results> results) {
  Event event;
  event.kind = later.kind;
  event.endpoint = later.endpoint;
  event.connection = later.connection;
  event.resource = later.resource;
  Callback callback;
  callback.name = later.callback;
  callback.kind = callback_kind(later.kind);
  answer_with(event, callback, called, results);
}

void Api::answer_with(const Event& event, Callback& callback, const Result<void>& called,
                      std::span<Value, max_callback_results> results) {
  event.kind == EventKind::upgrade ? decide_with(event, callback, called, results)
                                   : respond_with(event, callback, called, results);
}

void Api::respond_with(const Event& event, Callback& callback, const Result<void>& called,
                       std::span<Value, max_callback_results> results) {
  auto response =
      called ? make_response(results, engine_.words()) : Result<HttpResponse>(called.error());
  if (!response) report(event, callback, response.error());
  const bool is_missing = !called && called.error().code == ErrorCode::callback_missing;
  respond(event, response ? std::move(*response) : is_missing ? not_found() : server_error());
}

// It never fails open.
void Api::decide_with(const Event& event, Callback& callback, const Result<void>& called,
                      std::span<Value, max_callback_results> results) {
  auto answer = called ? make_upgrade_answer(results, engine_.words())
                       : Result<UpgradeAnswer>(called.error());
  if (answer && answer->refusal) return respond(event, std::move(*answer->refusal));
  const auto admitted =
      answer ? dispatcher_.admit(event.endpoint, event.connection, std::move(answer->headers))
             : Result<bool>(answer.error());
  if (admitted) return;
  report(event, callback, admitted.error());
  respond(event, server_error());
}

void Api::respond(const Event& event, HttpResponse response) {
  const auto sent = dispatcher_.respond(event.endpoint, event.connection, std::move(response));
  if (sent) return;
  log_->write_error("the answer to " + quote(event.resource) + " of " +
                    std::string(HandleText(event.endpoint).view()) +
                    " can't be sent: " + sent.error().message);
}

Map Api::request_map_of(const Event& event) const {
  const auto info = dispatcher_.connection_info(event.endpoint, event.connection);
  if (!info) return {};
  return event.kind == EventKind::upgrade ? upgrade_map(*info) : request_map(*info);
}

void Api::report(const Event& event, Callback& callback, const Error& error) {
  if (error.code == ErrorCode::callback_missing) return report_missing(callback, event.endpoint);
  log_of(callback, event.endpoint, error.message);
}

// These are never left out: the script waits for whoever reads them, as it does when it prints.
void Api::log_of(const Callback& callback, dispatch::EndpointId server, std::string_view what) {
  std::string line(callback_row(callback.kind).name);
  if (!callback.name.empty()) line.append(" ").append(quote(callback.name));
  if (server != no_endpoint) line.append(" of ").append(HandleText(server).view());
  log_->write_error(line.append(": ").append(what));
}

void Api::report_missing(Callback& callback, dispatch::EndpointId server) {
  if (callback.is_reported) return;
  callback.is_reported = true;
  log_of(callback, server,
         callback.kind == CallbackKind::upgrade
             ? "the script has no function of that name; nobody is admitted"
             : "the script has no function of that name; its events are lost");
}

}  // namespace simws::script
