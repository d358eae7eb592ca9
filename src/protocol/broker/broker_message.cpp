#include "protocol/broker/broker_message.h"

#include "base/query.h"
#include "protocol/broker/helper_words.h"
#include "protocol/broker/subject.h"
#include "protocol/http/syntax.h"
#include "protocol/topics/topic_name.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <system_error>
#include <utility>

namespace simws::protocol {

namespace {

constexpr std::string_view text_name = "text";
constexpr std::string_view binary_name = "binary";
constexpr std::size_t epoch_size = 12;

std::string_view name_of(Opcode opcode) {
  return opcode == Opcode::binary ? binary_name : text_name;
}

// Without an exponent, in as many digits as it takes to read it back.
std::string number_text(double value) {
  char text[512];
  const auto [end, fault] =
      std::to_chars(std::begin(text), std::end(text), value, std::chars_format::fixed);
  return fault == std::errc() ? std::string(std::begin(text), end) : "0";
}

// Of topics and keys: readers of headers may take spaces from a value's ends, or want ASCII.
std::string header_text(std::string_view text) {
  return percent_encode(text, [](char c) { return c > ' ' && c <= '~' && c != '%'; });
}

// The value of a header; empty: it isn't there, which no header's value may be.
std::string_view find(const BrokerHeaders& headers, std::string_view name) {
  const auto found = std::ranges::find(headers, name, &BrokerHeader::name);
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

Error fault(std::string_view header, std::string_view value) {
  return {ErrorCode::invalid_argument,
          std::string(header).append(" is ").append(http::in_quotes(value))};
}

Error misplaced(std::string_view subject) {
  return {ErrorCode::invalid_argument,
          std::string("its subject is ").append(http::in_quotes(subject))};
}

template <typename Number>
std::optional<Number> read_number(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || last != end) return std::nullopt;
  return value;
}

std::optional<double> read_time(std::string_view text) {
  const auto time = read_number<double>(text);
  if (!time || !(*time >= 0 && *time <= 1e15)) return std::nullopt;
  return time;
}

std::optional<Opcode> read_opcode(std::string_view text) {
  if (text == text_name) return Opcode::text;
  if (text == binary_name) return Opcode::binary;
  return std::nullopt;
}

std::optional<bool> read_flag(std::string_view text) {
  if (text.empty()) return false;
  if (text == "1") return true;
  return std::nullopt;
}

std::optional<BrokerPart> read_part(std::string_view text) {
  if (text.empty()) return BrokerPart{};
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto index = read_number<std::uint32_t>(text.substr(0, slash));
  const auto count = read_number<std::uint32_t>(text.substr(slash + 1));
  if (!index || !count || *index >= *count) return std::nullopt;
  return BrokerPart{*index, *count};
}

// Reads one header after the other; the first that can't be is what is wrong.
class Reader {
 public:
  explicit Reader(const BrokerHeaders& headers) : headers_(headers) {}

  template <typename Value, typename Read>
  void take(std::string_view name, Read&& read, Value& into) {
    if (fault_) return;
    const std::string_view text = find(headers_, name);
    if (auto value = read(text)) {
      into = std::move(*value);
    } else {
      fault_ = fault(name, text);
    }
  }
  void require(bool condition, std::string_view name) {
    if (!fault_ && !condition) fault_ = fault(name, find(headers_, name));
  }
  const std::optional<Error>& fault_found() const { return fault_; }

 private:
  const BrokerHeaders& headers_;
  std::optional<Error> fault_;
};

std::optional<std::string> read_epoch(std::string_view text) {
  if (!is_epoch(text)) return std::nullopt;
  return std::string(text);
}

std::optional<std::string> read_topic(std::string_view text) {
  auto topic = percent_decoded(text);
  if (!topic || !check_topic(*topic)) return std::nullopt;
  return topic;
}

auto viewer_reader(std::string_view edge) {
  return [edge](std::string_view text) -> std::optional<RemoteViewer> {
    auto viewer = parse_viewer(text, edge);
    if (!viewer) return std::nullopt;
    return std::move(*viewer);
  };
}

// A key that the subject only has the digest of.
auto key_reader(std::string_view digest) {
  return [digest](std::string_view text) -> std::optional<std::string> {
    auto key = percent_decoded(text);
    if (!key || !check_key(*key) || !has_digest(*key, digest)) return std::nullopt;
    return key;
  };
}

}  // namespace

bool is_epoch(std::string_view text) {
  return text.size() == epoch_size &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

BrokerHeaders headers_of(const BrokerPublication& publication) {
  BrokerHeaders headers{{broker_header::opcode, std::string(name_of(publication.opcode))},
                        {broker_header::epoch, publication.epoch},
                        {broker_header::sequence, std::to_string(publication.sequence)},
                        {broker_header::time, number_text(publication.time)}};
  if (publication.retain) headers.push_back({broker_header::retain, "1"});
  if (publication.forget) headers.push_back({broker_header::forget, "1"});
  if (publication.part.count > 1) {
    headers.push_back({broker_header::part, std::to_string(publication.part.index) + "/" +
                                                std::to_string(publication.part.count)});
  }
  if (is_digested(publication.key))
    headers.push_back({broker_header::key, header_text(publication.key)});
  return headers;
}

BrokerHeaders headers_of(const BrokerInbound& inbound) {
  return {{broker_header::topic, header_text(inbound.topic)},
          {broker_header::opcode, std::string(name_of(inbound.opcode))},
          {broker_header::viewer, viewer_text(inbound.viewer)}};
}

std::size_t size_of(const BrokerHeaders& headers) {
  std::size_t size = std::string_view("NATS/1.0\r\n\r\n").size();
  for (const BrokerHeader& header : headers) {
    size += header.name.size() + header.value.size() + std::string_view(": \r\n").size();
  }
  return size;
}

Result<BrokerPublication> decode_publication(std::string_view name, std::string_view subject,
                                             const BrokerHeaders& headers, std::string_view data) {
  auto place = decode_subject(name, subject);
  if (!place) return misplaced(subject);
  BrokerPublication publication;
  publication.topic = std::move(place->topic);
  Reader reader(headers);
  reader.take(broker_header::opcode, read_opcode, publication.opcode);
  reader.take(broker_header::epoch, read_epoch, publication.epoch);
  reader.take(broker_header::sequence, read_number<std::uint64_t>, publication.sequence);
  reader.require(publication.sequence > 0, broker_header::sequence);
  reader.take(broker_header::time, read_time, publication.time);
  reader.take(broker_header::retain, read_flag, publication.retain);
  reader.take(broker_header::forget, read_flag, publication.forget);
  reader.require(!publication.forget || (publication.retain && data.empty()),
                 broker_header::forget);
  reader.require(publication.forget || !publication.retain || !data.empty(), broker_header::retain);
  reader.take(broker_header::part, read_part, publication.part);
  reader.require(publication.part.count == 1 || !data.empty(), broker_header::part);
  if (place->key) {
    publication.key = std::move(*place->key);
  } else {
    reader.take(broker_header::key, key_reader(place->digest), publication.key);
  }
  if (reader.fault_found()) return *reader.fault_found();
  return publication;
}

Result<BrokerInbound> decode_inbound(std::string_view name, std::string_view subject,
                                     const BrokerHeaders& headers) {
  auto edge = decode_inbound_subject(name, subject);
  if (!edge) return misplaced(subject);
  BrokerInbound inbound;
  Reader reader(headers);
  reader.take(broker_header::topic, read_topic, inbound.topic);
  reader.take(broker_header::opcode, read_opcode, inbound.opcode);
  reader.take(broker_header::viewer, viewer_reader(*edge), inbound.viewer);
  if (reader.fault_found()) return *reader.fault_found();
  return inbound;
}

std::vector<std::string_view> broker_header_names() {
  return {broker_header::opcode, broker_header::epoch,  broker_header::sequence,
          broker_header::time,   broker_header::retain, broker_header::forget,
          broker_header::part,   broker_header::key,    broker_header::topic,
          broker_header::viewer};
}

}  // namespace simws::protocol
