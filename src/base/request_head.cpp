#include <simws/http.h>

#include "base/ascii.h"
#include "base/known_fields.h"
#include "base/request_head_builder.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

namespace simws {

namespace {

// A length lies before its text, 7 bits a byte, the lowest first; all but its last byte are marked.
// Before a name it's the length and `not_known`; less than that is the number of a name that is
// spelled as `known_fields` has it, and doesn't follow.
constexpr std::uint8_t bits_a_byte = 7;
constexpr std::uint8_t more_follow = 1u << bits_a_byte;
constexpr std::size_t longest_number = sizeof(std::size_t) * 8 / bits_a_byte + 1;

// Of most heads, whose memory is asked for once then.
constexpr std::size_t usual_size = 256;

std::string_view take(std::string_view& texts, std::size_t length) {
  const std::string_view text = texts.substr(0, length);
  texts.remove_prefix(text.size());
  return text;
}

std::size_t take_long_number(std::string_view& texts) {
  std::size_t number = 0;
  std::size_t used = 0;
  std::uint8_t byte = more_follow;
  while ((byte & more_follow) != 0 && used < texts.size()) {
    byte = static_cast<std::uint8_t>(texts[used]);
    number |= std::size_t{byte & (more_follow - 1u)} << (bits_a_byte * used++);
  }
  texts.remove_prefix(used);
  return number;
}

inline std::size_t take_number(std::string_view& texts) {
  const auto first = texts.empty() ? more_follow : static_cast<std::uint8_t>(texts.front());
  if (first >= more_follow) return take_long_number(texts);
  texts.remove_prefix(1);
  return first;
}

inline std::string_view take_any(std::string_view& texts) {
  const std::size_t length = take_number(texts);
  return take(texts, length);
}

inline void append_number(std::string& texts, std::size_t number) {
  make_room_tightly(texts, longest_number);
  for (; number >= more_follow; number >>= bits_a_byte) {
    texts += static_cast<char>((number & (more_follow - 1u)) | more_follow);
  }
  texts += static_cast<char>(number);
}

constexpr std::uint32_t bit_of(std::size_t number) {
  return std::uint32_t{1} << number;
}
static_assert(not_known <= 32);

}  // namespace

// The texts follow it: one piece of memory for each request.
struct RequestHead::Block {
  std::atomic<std::uint32_t> references{1};
  std::uint32_t size = 0;
  std::uint32_t present = 0;  // a bit for each known field that is there

  char* texts() { return reinterpret_cast<char*>(this + 1); }
};

RequestHead::RequestHead(std::string_view texts, std::uint32_t present) {
  if (texts.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw std::length_error("a request's head of 4 GiB");
  }
  block_ = ::new (::operator new(sizeof(Block) + texts.size())) Block;
  block_->size = static_cast<std::uint32_t>(texts.size());
  block_->present = present;
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

std::string_view RequestHead::take_name(std::string_view& texts) {
  const std::size_t number = take_number(texts);
  return number < not_known ? known_fields[number] : take(texts, number - not_known);
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
  take_any(rest);
  take_any(rest);
  return rest;
}

RequestHead::Search RequestHead::search_for(std::string_view name) const {
  const std::size_t number = known_field(name);
  const bool may_be_there = block_ && (number == not_known || (block_->present & bit_of(number)));
  return {name, number, may_be_there ? fields() : std::string_view()};
}

std::optional<std::string_view> RequestHead::take_next(Search& search) {
  std::string_view rest = search.fields;
  bool is_found = false;
  std::string_view value;
  while (!is_found && !rest.empty()) {
    const std::size_t number = take_number(rest);
    is_found = number < not_known
                   ? number == search.number
                   : equals_ignoring_case(take(rest, number - not_known), search.name);
    value = take_any(rest);
  }
  search.fields = rest;
  return is_found ? std::optional(value) : std::nullopt;
}

std::optional<std::string_view> RequestHead::find(std::string_view name) const {
  Search search = search_for(name);
  return take_next(search);
}

std::size_t RequestHead::count(std::string_view name) const {
  std::size_t result = 0;
  for_each_of(name, [&](std::string_view) { ++result; });
  return result;
}

std::string RequestHead::joined(std::string_view name, std::string_view separator) const {
  std::string result;
  bool is_first = true;
  for_each_of(name, [&](std::string_view value) {
    if (!is_first) result += separator;
    is_first = false;
    result += value;
  });
  return result;
}

void grow_tightly(std::string& text, std::size_t more) {
  std::string roomy;
  roomy.reserve(text.size() + std::max(more, text.size() / 2));
  text = std::move(roomy.append(text));
}

void RequestHeadBuilder::begin(std::string_view method, std::string_view resource) {
  texts_.reserve(usual_size);
  append(method);
  append(resource);
}

void RequestHeadBuilder::add(std::string_view name, std::string_view value) {
  const std::size_t number = known_field(name);
  if (number < not_known) present_ |= bit_of(number);
  if (number < not_known && known_fields[number] == name) {
    append_number(texts_, number);
  } else {
    append_number(texts_, name.size() + not_known);
    append_tightly(texts_, name);
  }
  append(value);
}

void RequestHeadBuilder::append(std::string_view text) {
  append_number(texts_, text.size());
  append_tightly(texts_, text);
}

RequestHead RequestHeadBuilder::finish() {
  RequestHead head(texts_, std::exchange(present_, 0));
  texts_.clear();
  texts_.shrink_to_fit();
  return head;
}

}  // namespace simws
