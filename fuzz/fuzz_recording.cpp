// A recording's file: what is read of it is the same however its bytes come, and the same again
// when it's written anew. The first byte says how it's packed.
#include "base/utf8.h"
#include "check.h"
#include "recording/decoder.h"
#include "recording/line_writer.h"

#include <algorithm>
#include <optional>
#include <string>
#include <variant>

using namespace simws;
using namespace simws::recording;
using fuzz::check;

namespace {

// No line of a test is longer.
constexpr std::size_t most = std::size_t{1} << 20;

struct Outcome {
  std::optional<Header> header;
  std::string lines;
  std::string error;
  std::uint64_t latest = 0;
  bool was_cut_off = false;

  bool operator==(const Outcome&) const = default;
};

void check_message(const Message& message) {
  if (message.opcode == Opcode::text) check(is_utf8(as_bytes(message.data)));
  check(is_utf8(as_bytes(message.topic)) && is_utf8(as_bytes(message.key)));
}

// Whether there may be more.
bool take(Outcome& outcome, const Result<std::optional<Entry>>& entry) {
  if (!entry) {
    outcome.error = entry.error().message;
    check(outcome.error.starts_with("line "));
    return false;
  }
  if (!*entry) return false;
  check((*entry)->time >= outcome.latest && (*entry)->time <= longest);
  outcome.latest = (*entry)->time;
  if (const auto* const message = std::get_if<Message>(&(*entry)->what)) check_message(*message);
  append_line(outcome.lines, **entry);
  return true;
}

Outcome decode(Packing packing, Bytes file, std::size_t portion, std::size_t longest_line = most) {
  Outcome outcome;
  Decoder decoder(packing, longest_line);
  while (!file.empty() && outcome.error.empty()) {
    Bytes part = file.first(std::min(portion, file.size()));
    file = file.subspan(part.size());
    while (take(outcome, decoder.next(part))) {
    }
    check(part.empty() || !outcome.error.empty());
  }
  while (outcome.error.empty() && take(outcome, decoder.next_at_end())) {
  }
  outcome.header = decoder.header();
  outcome.was_cut_off = decoder.was_cut_off();
  return outcome;
}

// Of a damaged file more or less may be unpacked before that shows.
void check_same(const Outcome& one, const Outcome& other) {
  const auto is_damaged = [](const Outcome& outcome) {
    return outcome.error.find("can't be unpacked") != std::string::npos;
  };
  if (!is_damaged(one) && !is_damaged(other)) return check(one == other);
  check(one.lines.starts_with(other.lines) || other.lines.starts_with(one.lines));
}

void check_again(const Outcome& outcome) {
  std::string file;
  append_line(file, *outcome.header);
  file += outcome.lines;
  const Outcome again = decode(Packing::plain, as_bytes(file), file.size(), 2 * most);
  check(again.header == outcome.header && again.lines == outcome.lines);
  check(again.error.empty() && !again.was_cut_off);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto packing = static_cast<Packing>(data[0] % 3);
  const Bytes file = fuzz::to_bytes(data + 1, size - 1);
  const Outcome whole = decode(packing, file, std::max<std::size_t>(file.size(), 1));
  check_same(decode(packing, file, 7), whole);
  if (whole.header) check_again(whole);
  return 0;
}
