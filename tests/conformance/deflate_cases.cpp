#include "deflate_cases.h"

#include "protocol/extension_offer.h"
#include "protocol/frame.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace simws::conformance {
namespace {

using protocol::DeflateParameters;
using protocol::DeflateWishes;
using protocol::FrameOpcode;

#ifdef SIMWS_REDUCED_SCALE
constexpr std::size_t most_bytes = 64u << 10;
#else
constexpr std::size_t most_bytes = 512u << 10;  // of all messages of a case
#endif
constexpr std::size_t most_messages = 1000;
constexpr std::size_t fewest_messages = 4;
constexpr std::size_t data_size = 200'000;  // as large as the suite's own files

constexpr protocol::MaskingKey key{std::byte{0x11}, std::byte{0xC0}, std::byte{0x7E},
                                   std::byte{0x00}};

// Numbers that look random, the same ones each time.
class Numbers {
 public:
  std::uint32_t below(std::uint32_t limit) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>(state_ >> 33) % limit;
  }

 private:
  std::uint64_t state_ = 42;
};

std::string json(std::size_t size) {
  Numbers numbers;
  std::string text = "[";
  while (text.size() < size) {
    text += "{\"id\":" + std::to_string(numbers.below(100'000)) + ",\"name\":\"joint " +
            std::to_string(numbers.below(12)) + "\",\"angle\":0." +
            std::to_string(numbers.below(1'000'000)) + ",\"active\":true},\n";
  }
  return text.substr(0, size);
}

// Grey levels of an image that change slowly.
std::string picture(std::size_t size) {
  Numbers numbers;
  std::string bytes;
  int level = 128;
  while (bytes.size() < size) {
    level = std::clamp(level + static_cast<int>(numbers.below(9)) - 4, 0, 255);
    bytes += static_cast<char>(level);
  }
  return bytes;
}

std::string prose(std::size_t size) {
  constexpr std::array words{"der",  "Roboter", "fährt", "über",  "die",   "Straße", "und",
                             "hält", "an",      "einer", "roten", "Ampel", "wo",     "niemand",
                             "geht", "weil",    "es",    "spät",  "ist",   "bis",    "grünes"};
  Numbers numbers;
  std::string text;
  while (text.size() < size) {
    text += words[numbers.below(words.size())];
    text += numbers.below(12) == 0 ? ".\n" : " ";
  }
  return text.substr(0, size);
}

std::string html(std::size_t size) {
  Numbers numbers;
  std::string text = "<!doctype html>\n<table>\n";
  while (text.size() < size) {
    text += "<tr class=\"row\"><td>" + std::to_string(numbers.below(1000)) +
            "</td><td><a href=\"/item/" + std::to_string(numbers.below(100'000)) +
            "\">an item</a></td></tr>\n";
  }
  return text.substr(0, size);
}

// Text, and streams that are compressed already.
std::string document(std::size_t size) {
  Numbers numbers;
  std::string bytes = "%PDF-1.4\n";
  while (bytes.size() < size) {
    bytes += std::to_string(numbers.below(10'000)) + " 0 obj\n<< /Length 4000 >>\nstream\n";
    for (int i = 0; i < 4000; ++i) bytes += static_cast<char>(numbers.below(256));
    bytes += "\nendstream\nendobj\n";
  }
  return bytes.substr(0, size);
}

struct Size {
  std::size_t message, fragment;
};
constexpr std::array sizes{
    Size{16, 0},        Size{64, 0},         Size{256, 0},      Size{1024, 0},
    Size{4096, 0},      Size{8192, 0},       Size{16384, 0},    Size{32768, 0},
    Size{65536, 0},     Size{131072, 0},     Size{8192, 256},   Size{16384, 256},
    Size{32768, 256},   Size{65536, 256},    Size{131072, 256}, Size{131072, 1024},
    Size{131072, 4096}, Size{131072, 32768},
};

void add_group(std::vector<DeflateCase>& cases, const std::string& number,
               const std::string& description, const Negotiation& negotiation, bool is_text,
               std::string (*data)(std::size_t)) {
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const auto& [size, fragment] = sizes[i];
    const std::size_t count = std::clamp(most_bytes / size, fewest_messages, most_messages);
    cases.push_back({number + "." + std::to_string(i + 1),
                     description + ", messages of " + std::to_string(size) + " bytes" +
                         (fragment > 0 ? " in fragments of " + std::to_string(fragment) : ""),
                     negotiation, is_text, data, size, fragment, count});
  }
}

const std::string offer_head =
    "permessage-deflate; client_no_context_takeover; client_max_window_bits";
const std::string answer_head =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

// 13.1 to 13.7. zlib can't keep to a window of 2^8 bytes: a server declines it, a client sends
// plain messages.
const std::array negotiations{
    Negotiation{offer_head, "permessage-deflate; client_no_context_takeover", "permessage-deflate"},
    Negotiation{offer_head + "; server_no_context_takeover", answer_head,
                "permessage-deflate; client_no_context_takeover"},
    Negotiation{offer_head + "; server_max_window_bits=8", "",
                "permessage-deflate; client_max_window_bits=8"},
    Negotiation{offer_head + "; server_max_window_bits=15",
                "permessage-deflate; client_no_context_takeover; server_max_window_bits=15",
                "permessage-deflate; client_max_window_bits=15"},
    Negotiation{offer_head + "; server_no_context_takeover; server_max_window_bits=8", "",
                "permessage-deflate; client_no_context_takeover; client_max_window_bits=8"},
    Negotiation{offer_head + "; server_no_context_takeover; server_max_window_bits=15",
                answer_head + "; server_max_window_bits=15",
                "permessage-deflate; client_no_context_takeover; client_max_window_bits=15"},
    Negotiation{offer_head + "; server_no_context_takeover; server_max_window_bits=8, " +
                    offer_head + "; server_no_context_takeover, " + offer_head,
                answer_head,
                "permessage-deflate; client_no_context_takeover; client_max_window_bits=8"},
};

}  // namespace

std::vector<DeflateCase> deflate_cases() {
  std::vector<DeflateCase> cases;
  const Negotiation& usual = negotiations.front();
  add_group(cases, "12.1", "JSON", usual, true, json);
  add_group(cases, "12.2", "a picture", usual, false, picture);
  add_group(cases, "12.3", "prose", usual, false, prose);
  add_group(cases, "12.4", "HTML", usual, true, html);
  add_group(cases, "12.5", "a document", usual, false, document);
  for (std::size_t i = 0; i < negotiations.size(); ++i) {
    add_group(cases, "13." + std::to_string(i + 1),
              "a client that offers '" + negotiations[i].offer + "', a server that answers '" +
                  negotiations[i].acceptance + "'",
              negotiations[i], true, json);
  }
  return cases;
}

std::optional<DeflateParameters> agreed_in(const DeflateCase& of, Role under_test) {
  const DeflateWishes all{true, true, 15, 15};
  const std::string& answer =
      under_test == Role::server ? of.negotiation.answer : of.negotiation.acceptance;
  if (answer.empty()) return std::nullopt;
  const auto parsed = protocol::parse_extension_offers(answer);
  const auto judged = protocol::judge_deflate(parsed->front(), all);
  const auto* agreed = std::get_if<DeflateParameters>(&judged);
  return agreed ? std::optional(*agreed) : std::nullopt;
}

DeflatePeer::DeflatePeer(Role under_test, const DeflateCase& of,
                         const std::optional<DeflateParameters>& agreed)
    : under_test_(under_test),
      reader_(under_test),
      case_(of),
      is_agreed_(agreed.has_value()),
      data_(of.data(data_size)) {
  if (!agreed) return;
  const bool is_client = under_test == Role::server;
  deflater_.emplace(pool_, is_client ? agreed->client() : agreed->server(),
                    protocol::DeflateEffort{6, 8});
  decoder_.emplace(pool_, is_client ? agreed->server() : agreed->client());
}

std::string DeflatePeer::frame(bool begins, bool fin, std::string payload) {
  const auto opcode = case_.is_text ? FrameOpcode::text : FrameOpcode::binary;
  const protocol::FrameHeader header{.fin = fin,
                                     .rsv1 = begins && is_agreed_,
                                     .opcode = begins ? opcode : FrameOpcode::continuation,
                                     .masked = under_test_ == Role::server,
                                     .masking_key = key,
                                     .payload_length = payload.size()};
  std::array<std::byte, protocol::max_frame_header_size> bytes;
  std::string wire(as_text(Bytes(bytes).first(encode_frame_header(header, bytes))));
  if (header.masked) protocol::apply_mask(as_mutable_bytes(payload), key, 0);
  return wire + payload;
}

std::string DeflatePeer::next() {
  message_.clear();
  while (message_.size() < case_.size) {
    const std::string part = data_.substr(at_, case_.size - message_.size());
    message_ += part;
    at_ = (at_ + part.size()) % data_.size();
  }
  std::string payload = message_;
  if (deflater_) {
    Buffer compressed;
    deflater_->begin(message_.size());
    deflater_->end_message(as_bytes(message_), compressed);
    payload = compressed.text();
  }
  std::string wire;
  const std::size_t most = case_.fragment > 0 ? case_.fragment : payload.size();
  for (std::size_t at = 0; at < payload.size(); at += most) {
    wire += frame(at == 0, at + most >= payload.size(), payload.substr(at, most));
  }
  return wire;
}

std::optional<std::string> DeflatePeer::take_echo(std::string& received) {
  const auto echo = reader_.take(received);
  if (!reader_.wrong().empty()) return reader_.wrong();
  if (!echo) return std::nullopt;
  const std::string& payload = echo->payload;
  if (echo->opcode != (case_.is_text ? FrameOpcode::text : FrameOpcode::binary)) {
    return "another frame";
  }
  if (!echo->rsv1) return payload == message_ ? "" : "another message";
  if (!decoder_) return "RSV1, and compression wasn't agreed on";
  if (payload.size() >= message_.size()) return "it doesn't shrink, and is compressed";
  Buffer message;
  protocol::Failure failure;
  if (decoder_->decode(as_bytes(payload), true, message_.size(), message, failure) !=
      protocol::DecodeStatus::done) {
    return "it can't be inflated: " + std::string(failure.reason);
  }
  return message.text() == message_ ? "" : "another message";
}

}  // namespace simws::conformance
