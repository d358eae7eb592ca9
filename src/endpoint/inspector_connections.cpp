#include "endpoint/inspector_connections.h"

#include "base/clock.h"
#include "base/cut_text.h"
#include "base/json_text.h"
#include "protocol/token.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

namespace simws::endpoint {

namespace {

constexpr std::size_t longest_text = 300;  // of what a client has said, in bytes

constexpr std::string_view columns[] = {"number",     "since",       "address",  "resource",
                                        "agent",      "subprotocol", "state",    "dropped",
                                        "messagesIn", "messagesOut", "bytesIn",  "bytesOut",
                                        "queueAge",   "queuedBytes", "roundTrip"};

std::string_view name_of(ConnectionState state) {
  constexpr std::string_view names[] = {"connecting", "open", "closing", "closed"};
  return names[static_cast<std::size_t>(state)];
}

void append_traffic(JsonText& json, const Channel& channel) {
  const protocol::TrafficCounter* const counter = channel.outlet().counted();
  const Traffic traffic = counter ? counter->traffic(channel.loop().now()) : Traffic{};
  json.number(traffic.dropped).number(traffic.messages_in).number(traffic.messages_out);
  json.number(traffic.bytes_in).number(traffic.bytes_out).number(traffic.queue_age.count());
}

void append_row(JsonText& json, const AcceptedConnection& connection) {
  const RequestHead& head = connection.head();
  const std::string resource = protocol::without_secret_values(head.resource());
  json.text(connection.channel()->client_name())
      .text(cut_text(resource, longest_text))
      .text(cut_text(head.find("User-Agent").value_or(""), longest_text))
      .text(connection.subprotocol())
      .text(name_of(connection.state()));
  append_traffic(json, *connection.channel());
  json.number(connection.queued_bytes());
  const auto round_trip = connection.round_trip_time();
  if (round_trip) {
    json.number(round_trip->count());
  } else {
    json.null();
  }
}

}  // namespace

void InspectorConnections::add(AcceptedConnection& connection) noexcept {
  try {
    const auto added = places_.emplace(connection.channel(), 0).first;
    try {
      added->second = take_place();
    } catch (...) {
      places_.erase(added);
      return;
    }
    rows_[added->second] = {&connection, ++latest_, unix_milliseconds()};
    ++blocks_[added->second / rows_in_block].rows;
  } catch (...) {
    // Nothing has changed.
  }
}

// The lowest that is free, so that blocks become empty.
std::size_t InspectorConnections::take_place() {
  if (!free_.empty()) {
    std::ranges::pop_heap(free_, std::greater{});
    const std::size_t place = free_.back();
    free_.pop_back();
    return place;
  }
  // So that leaving can't fail.
  if (free_.capacity() <= rows_.size()) free_.reserve(2 * (rows_.size() + 1));
  blocks_.resize(rows_.size() / rows_in_block + 1);
  rows_.emplace_back();
  return rows_.size() - 1;
}

void InspectorConnections::remove(const AcceptedConnection& connection) noexcept {
  const auto found = places_.find(connection.channel());
  if (found == places_.end()) return;
  const std::size_t place = found->second;
  places_.erase(found);
  rows_[place] = {};
  --blocks_[place / rows_in_block].rows;
  free_.push_back(place);
  std::ranges::push_heap(free_, std::greater{});
}

AcceptedConnection* InspectorConnections::find(std::uint64_t number) const {
  const auto found = std::ranges::find_if(
      rows_, [&](const Row& row) { return row.connection && row.number == number; });
  return found == rows_.end() ? nullptr : found->connection;
}

std::uint64_t InspectorConnections::number_of(const Channel& channel) const {
  const auto found = places_.find(&channel);
  return found == places_.end() ? 0 : rows_[found->second].number;
}

void InspectorConnections::forget_shown() noexcept {
  for (State& block : blocks_) block.shown = Shown::not_yet;
}

// One that takes time at the most.
std::optional<InspectorConnections::Block> InspectorConnections::next_block() {
  for (std::size_t passed = 0; passed < blocks_.size(); ++passed) {
    const std::size_t index = next_++ % blocks_.size();
    State& block = blocks_[index];
    if (block.rows == 0 && block.shown == Shown::quiet && block.hash == 0) continue;
    std::string text = block.rows > 0 ? text_of(index) : std::string();
    if (!note_shown(block, text)) return std::nullopt;
    return Block{index, std::move(text)};
  }
  return std::nullopt;
}

// False: it has been shown so often enough.
bool InspectorConnections::note_shown(State& block, const std::string& text) {
  const std::size_t hash = text.empty() ? 0 : std::hash<std::string>()(text) | 1;
  const bool is_same = block.shown != Shown::not_yet && hash == block.hash;
  block.hash = hash;
  if (!is_same) {
    block.shown = text.empty() ? Shown::quiet : Shown::changing;
    return true;
  }
  return std::exchange(block.shown, Shown::quiet) == Shown::changing;
}

std::string InspectorConnections::text_of(std::size_t block) const {
  JsonText json;
  json.begin_object().name("columns").texts(columns).name("rows").begin_array();
  const std::size_t begin = block * rows_in_block;
  const std::size_t end = std::min(begin + rows_in_block, rows_.size());
  for (std::size_t place = begin; place < end; ++place) {
    const Row& row = rows_[place];
    if (!row.connection) continue;
    json.begin_array().number(row.number).number(row.since);
    append_row(json, *row.connection);
    json.end_array();
  }
  return json.end_array().end_object().take();
}

}  // namespace simws::endpoint
