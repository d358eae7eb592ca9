#include <simws/http.h>

#include "base/ascii.h"
#include "base/request_head_builder.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>

namespace simws {

namespace {

// A length lies before its text, 7 bits a byte, the lowest first; all but its last byte are marked.
constexpr std::uint8_t bits_a_byte = 7;
constexpr std::uint8_t more_follow = 1u << bits_a_byte;

// Of most heads, whose memory is asked for once then.
constexpr std::size_t usual_size = 256;

std::string_view take(std::string_view& texts, std::size_t used, std::size_t length) {
  const std::string_view text = texts.substr(used, length);
  texts.remove_prefix(used + length);
  return text;
}

std::string_view take_long(std::string_view& texts) {
  std::size_t length = 0;
  std::size_t used = 0;
  std::uint8_t byte = more_follow;
  while ((byte & more_follow) != 0 && used < texts.size()) {
    byte = static_cast<std::uint8_t>(texts[used]);
    length |= std::size_t{byte & (more_follow - 1u)} << (bits_a_byte * used++);
  }
  return take(texts, used, length);
}

// A handshake is judged by two dozen fields, each of which is looked for from the front.
inline std::string_view take_any(std::string_view& texts) {
  const auto first = texts.empty() ? more_follow : static_cast<std::uint8_t>(texts.front());
  return first < more_follow ? take(texts, 1, first) : take_long(texts);
}

}  // namespace

// The texts follow it: one piece of memory for each request.
struct RequestHead::Block {
  std::atomic<std::uint32_t> references{1};
  std::uint32_t size = 0;

  char* texts() { return reinterpret_cast<char*>(this + 1); }
};

RequestHead::RequestHead(std::string_view texts) {
  if (texts.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw std::length_error("a request's head of 4 GiB");
  }
  block_ = ::new (::operator new(sizeof(Block) + texts.size())) Block;
  block_->size = static_cast<std::uint32_t>(texts.size());
  std::ranges::copy(texts, block_->texts());
}

RequestHead::RequestHead(const RequestHead& other) noexcept : block_(other.block_) {
  if (block_) block_->references.fetch_add(1, std::memory_order_relaxed);
}

RequestHead::~RequestHead() {
  if (!block_ || block_->references.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
  std::destroy_at(block_);
  ::operator delete(block_);
}

std::size_t RequestHead::size() const {
  return block_ ? sizeof(Block) + block_->size : 0;
}

std::string_view RequestHead::texts() const {
  return block_ ? std::string_view(block_->texts(), block_->size) : std::string_view();
}

std::string_view RequestHead::take_text(std::string_view& texts) {
  return take_any(texts);
}

std::string_view RequestHead::method() const {
  std::string_view rest = texts();
  return take_text(rest);
}

std::string_view RequestHead::resource() const {
  std::string_view rest = texts();
  take_text(rest);
  return take_text(rest);
}

std::string_view RequestHead::fields() const {
  std::string_view rest = texts();
  take_text(rest);
  take_text(rest);
  return rest;
}

std::optional<std::string_view> RequestHead::find(std::string_view name) const {
  for (std::string_view rest = fields(); !rest.empty();) {
    const std::string_view field = take_any(rest);
    const std::string_view value = take_any(rest);
    if (equals_ignoring_case(field, name)) return value;
  }
  return std::nullopt;
}

std::size_t RequestHead::count(std::string_view name) const {
  std::size_t result = 0;
  for_each([&](std::string_view field, std::string_view) {
    if (equals_ignoring_case(field, name)) ++result;
  });
  return result;
}

std::string RequestHead::joined(std::string_view name, std::string_view separator) const {
  std::string result;
  bool is_first = true;
  for_each([&](std::string_view field, std::string_view value) {
    if (!equals_ignoring_case(field, name)) return;
    if (!is_first) result += separator;
    is_first = false;
    result += value;
  });
  return result;
}

void append_tightly(std::string& text, std::string_view more) {
  const std::size_t size = text.size() + more.size();
  if (size > text.capacity()) {
    std::string roomy;
    roomy.reserve(std::max(size, text.size() + text.size() / 2));
    text = std::move(roomy.append(text));
  }
  text += more;
}

void RequestHeadBuilder::begin(std::string_view method, std::string_view resource) {
  texts_.reserve(usual_size);
  append(method);
  append(resource);
}

void RequestHeadBuilder::add(std::string_view name, std::string_view value) {
  append(name);
  append(value);
}

void RequestHeadBuilder::append(std::string_view text) {
  std::array<char, sizeof(std::size_t) * 8 / bits_a_byte + 1> length;
  std::size_t used = 0;
  std::size_t left = text.size();
  for (; left >= more_follow; left >>= bits_a_byte) {
    length[used++] = static_cast<char>((left & (more_follow - 1u)) | more_follow);
  }
  length[used++] = static_cast<char>(left);
  append_tightly(texts_, {length.data(), used});
  append_tightly(texts_, text);
}

RequestHead RequestHeadBuilder::finish() {
  RequestHead head(texts_);
  texts_.clear();
  texts_.shrink_to_fit();
  return head;
}

}  // namespace simws
