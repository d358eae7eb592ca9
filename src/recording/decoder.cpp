#include "recording/decoder.h"

#include <span>
#include <utility>

namespace simws::recording {

namespace {

// Unpacked at a time.
constexpr std::size_t piece = std::size_t{64} << 10;

}  // namespace

Decoder::Decoder(Packing packing, std::size_t most)
    : most_(most), unpacker_(make_unpacker(packing)) {}

Result<std::optional<Entry>> Decoder::next(Bytes& packed) {
  while (true) {
    while (const auto line = take_line()) {
      auto entry = read(*line);
      if (!entry || *entry) return entry;
    }
    const auto has_more = unpack(packed);
    if (!has_more) return named(has_more.error(), line_ + 1);
    if (!*has_more) return std::optional<Entry>();
  }
}

// A last line without a line feed counts where it's whole.
Result<std::optional<Entry>> Decoder::next_at_end() {
  Bytes nothing;
  auto entry = next(nothing);
  if (!entry || *entry) return entry;
  const std::string_view rest = std::string_view(text_).substr(begin_);
  begin_ = text_.size();
  searched_ = 0;
  was_cut_off_ = was_cut_off_ || (unpacker_ && !unpacker_->is_complete());
  if (!rest.empty()) {
    auto last = read(rest);
    if (last || !header_) return last;
    was_cut_off_ = true;
  }
  if (header_) return std::optional<Entry>();
  return named({ErrorCode::invalid_argument, "isn't there: the file is empty"}, 1);
}

std::optional<std::string_view> Decoder::take_line() {
  const std::size_t end = text_.find('\n', begin_ + searched_);
  if (end == text_.npos) {
    searched_ = text_.size() - begin_;
    return std::nullopt;
  }
  const auto line = std::string_view(text_).substr(begin_, end - begin_);
  begin_ = end + 1;
  searched_ = 0;
  return line;
}

// False: more of the file is needed.
Result<bool> Decoder::unpack(Bytes& packed) {
  if (!unpacker_) return Error{ErrorCode::unavailable, "can't be read: out of memory"};
  text_.erase(0, std::exchange(begin_, 0));
  if (text_.size() > most_) {
    return Error{ErrorCode::invalid_argument,
                 "is longer than " + std::to_string(most_ >> 20) +
                     " MiB, which no line may be; is this the right file?"};
  }
  const std::size_t before = text_.size();
  text_.resize(before + piece);
  const auto room = as_mutable_bytes(std::span(text_).subspan(before));
  const auto count = unpacker_->unpack(packed, room);
  text_.resize(before + (count ? *count : 0));
  if (!count) return count.error();
  return *count > 0;
}

Result<std::optional<Entry>> Decoder::read(std::string_view line) {
  ++line_;
  if (header_) {
    auto entry = reader_.read(line);
    return entry ? std::move(entry) : named(entry.error(), line_);
  }
  auto header = reader_.read_header(line);
  if (!header) return named(header.error(), line_);
  header_ = std::move(header).value();
  return std::optional<Entry>();
}

Error Decoder::named(const Error& error, std::uint64_t line) {
  return {error.code, "line " + std::to_string(line) + " " + error.message};
}

}  // namespace simws::recording
