// Group 6.
#include "cases.h"

#include <iterator>

namespace simws::conformance {
namespace {

const std::string greek = from_hex("ce ba e1 bd b9 cf 83 ce bc ce b5");  // 11 bytes, 5 characters
const std::string mixed = "Grüß dich, ¿qué tal?, 世界 🤖";
const std::string surrogate_inside = greek + from_hex("ed a0 80") + " and more";

Dialogue echoed(const Writes& writes, const std::string& payload) {
  return exchange(writes, {text_answer(payload)}) + goodbye();
}

// Valid, then beyond U+10FFFF from its second byte on, then more.
const std::string beyond_unicode = from_hex("f4 90 80 80");
const std::string more = " and more";

// Who is under test must not wait for the last portion.
Dialogue failed_before_the_last(const Writes& portions) {
  return exchange({portions[0]}, {}) + failed({portions[1]}, 1007) + exchange({portions[2]}, {});
}

Cases message_cases() {
  return {
      {"6.1.1", "An empty text is echoed.", [] { return echoed(whole(text("")), ""); }},
      {"6.1.2", "A text of three empty fragments is echoed as an empty one.",
       [] {
         return echoed(whole(fragmented(FrameOpcode::text, {"", "", ""})), "");
       }},
      {"6.1.3", "A text of three fragments, the middle one alone not empty, is echoed.",
       [] {
         return echoed(whole(fragmented(FrameOpcode::text, {"", mixed, ""})), mixed);
       }},
      {"6.2.1", "A valid text in one frame is echoed.",
       [] { return echoed(whole(text(mixed)), mixed); }},
      {"6.2.2", "A valid text in two fragments, cut between characters, is echoed.",
       [] {
         return echoed(whole(fragmented(FrameOpcode::text, {mixed.substr(0, 4), mixed.substr(4)})),
                       mixed);
       }},
      {"6.2.3", "A valid text in fragments of one byte is echoed.",
       [] { return echoed(whole(fragmented(FrameOpcode::text, pieces(mixed, 1))), mixed); }},
      {"6.2.4", "A Greek word in fragments of one byte is echoed.",
       [] { return echoed(whole(fragmented(FrameOpcode::text, pieces(greek, 1))), greek); }},
      {"6.3.1", "A text with a surrogate inside fails the connection.",
       [] { return failed(whole(text(surrogate_inside)), 1007); }},
      {"6.3.2", "A text with a surrogate inside in fragments of one byte fails the connection.",
       [] {
         return failed(whole(fragmented(FrameOpcode::text, pieces(surrogate_inside, 1))), 1007);
       }},
      {"6.4.1", "A text is bad in its second fragment: the connection fails before the third.",
       [] {
         return failed_before_the_last(
             frame_by_frame(fragmented(FrameOpcode::text, {greek, beyond_unicode, more})));
       }},
      {"6.4.2", "The second fragment ends with the first byte that can't be right.",
       [] {
         return failed_before_the_last(
             frame_by_frame(fragmented(FrameOpcode::text, {greek, beyond_unicode.substr(0, 2),
                                                           beyond_unicode.substr(2) + more})));
       }},
      {"6.4.3", "One frame in three chops, the second bad: the connection fails before the third.",
       [] {
         return failed_before_the_last(
             cut_payload(text(greek + beyond_unicode + more), {greek.size(), greek.size() + 4}));
       }},
      {"6.4.4",
       "One frame in three chops, the second ends with the first byte that can't be right.",
       [] {
         return failed_before_the_last(
             cut_payload(text(greek + beyond_unicode + more), {greek.size(), greek.size() + 2}));
       }},
  };
}

struct Sequence {
  std::string bytes;
  bool valid;
};

// A subgroup of single texts, numbered from 1, each echoed or failed.
struct Subgroup {
  std::string number;
  std::string description;
  std::vector<Sequence> sequences;
};

Cases to_cases(const Subgroup& subgroup) {
  Cases cases;
  for (const Sequence& sequence : subgroup.sequences) {
    cases.push_back(
        {subgroup.number + "." + std::to_string(cases.size() + 1),
         subgroup.description + (sequence.valid ? ": echoed." : ": failed."), [sequence] {
           const Writes writes = whole(text(sequence.bytes));
           return sequence.valid ? echoed(writes, sequence.bytes) : failed(writes, 1007);
         }});
  }
  return cases;
}

Subgroup all_valid(std::string number, std::string description, std::vector<std::string> texts) {
  Subgroup subgroup{std::move(number), std::move(description), {}};
  for (std::string& bytes : texts) subgroup.sequences.push_back({std::move(bytes), true});
  return subgroup;
}

Subgroup all_invalid(std::string number, std::string description,
                     const std::vector<std::string>& hex_texts) {
  Subgroup subgroup{std::move(number), std::move(description), {}};
  for (const std::string& hex : hex_texts) subgroup.sequences.push_back({from_hex(hex), false});
  return subgroup;
}

std::vector<std::string> from_hex_each(const std::vector<std::string>& hex_texts) {
  std::vector<std::string> texts;
  for (const std::string& hex : hex_texts) texts.push_back(from_hex(hex));
  return texts;
}

Subgroup prefixes() {
  Subgroup subgroup{"6.6", "A beginning of a Greek word", {}};
  for (std::size_t size = 1; size <= greek.size(); ++size) {
    const bool between_characters = size == 2 || size == 5 || size == 7 || size == 9 || size == 11;
    subgroup.sequences.push_back({greek.substr(0, size), between_characters});
  }
  return subgroup;
}

Subgroup stray_continuations() {
  Subgroup subgroup = all_invalid(
      "6.12", "Continuation bytes without a start",
      {"80", "bf", "80 bf", "80 bf 80", "80 bf 80 bf", "80 bf 80 bf 80", "80 bf 80 bf 80 bf"});
  std::string every;
  for (int byte = 0x80; byte <= 0xBF; ++byte) every += static_cast<char>(byte);
  subgroup.sequences.push_back({every, false});
  return subgroup;
}

Subgroup lonely_starts() {
  Subgroup subgroup{"6.13", "Start bytes, each followed by a space", {}};
  const std::pair<int, int> ranges[] = {
      {0xC0, 0xDF}, {0xE0, 0xEF}, {0xF0, 0xF7}, {0xF8, 0xFB}, {0xFC, 0xFD}};
  for (const auto& [first, last] : ranges) {
    std::string starts;
    for (int byte = first; byte <= last; ++byte) starts.append({static_cast<char>(byte), ' '});
    subgroup.sequences.push_back({starts, false});
  }
  return subgroup;
}

const std::vector<std::string> cut_characters = {
    "c0", "e0 80", "f0 80 80", "f8 80 80 80", "fc 80 80 80 80",
    "df", "ef bf", "f7 bf bf", "fb bf bf bf", "fd bf bf bf bf"};

std::string all_cut_characters() {
  std::string all;
  for (const std::string& hex : cut_characters) all += hex;
  return all;
}

// U+nFFFE and U+nFFFF of all planes: not characters, but UTF-8.
Subgroup noncharacters() {
  std::vector<std::string> texts = from_hex_each({"ef bf be", "ef bf bf"});
  for (char32_t plane = 1; plane <= 16; ++plane) {
    for (const char last : {'\xBE', '\xBF'}) {
      const char32_t top = plane << 16 | 0xFFFF;
      texts.push_back({static_cast<char>(0xF0 | top >> 18),
                       static_cast<char>(0x80 | (top >> 12 & 0x3F)), '\xBF', last});
    }
  }
  return all_valid("6.22", "A code point that is no character", std::move(texts));
}

std::vector<Subgroup> valid_and_boundary_subgroups() {
  return {
      all_valid("6.5", "Characters of one to four bytes",
                {"1 $ each", "1 ¢ each", "1 € each", "1 𤭢 each", greek}),
      prefixes(),
      all_valid("6.7", "The first character of its length",
                from_hex_each({"00", "c2 80", "e0 a0 80", "f0 90 80 80"})),
      all_invalid("6.8", "The first sequence of five and of six bytes",
                  {"f8 88 80 80 80", "fc 84 80 80 80 80"}),
      all_valid("6.9", "The last character of its length",
                from_hex_each({"7f", "df bf", "ef bf bf", "f4 8f bf bf"})),
      all_invalid("6.10", "The last sequence of four, five and six bytes",
                  {"f7 bf bf bf", "fb bf bf bf bf", "fd bf bf bf bf bf"}),
      {"6.11",
       "Around the surrogates and the end of Unicode",
       {{from_hex("ed 9f bf"), true},
        {from_hex("ee 80 80"), true},
        {from_hex("ef bf bd"), true},
        {from_hex("f4 8f bf bf"), true},
        {from_hex("f4 90 80 80"), false}}},
  };
}

std::vector<Subgroup> broken_subgroups() {
  return {
      stray_continuations(),
      lonely_starts(),
      all_invalid("6.14", "A sequence without its last byte", cut_characters),
      all_invalid("6.15", "All those one behind the other", {all_cut_characters()}),
      all_invalid("6.16", "Bytes that never occur", {"fe", "ff", "fe fe ff ff"}),
      all_invalid("6.17", "An overlong slash",
                  {"c0 af", "e0 80 af", "f0 80 80 af", "f8 80 80 80 af", "fc 80 80 80 80 af"}),
      all_invalid("6.18", "The last overlong sequence of its length",
                  {"c1 bf", "e0 9f bf", "f0 8f bf bf", "f8 87 bf bf bf", "fc 83 bf bf bf bf"}),
      all_invalid("6.19", "An overlong NUL",
                  {"c0 80", "e0 80 80", "f0 80 80 80", "f8 80 80 80 80", "fc 80 80 80 80 80"}),
      all_invalid(
          "6.20", "One surrogate",
          {"ed a0 80", "ed ad bf", "ed ae 80", "ed af bf", "ed b0 80", "ed be 80", "ed bf bf"}),
      all_invalid(
          "6.21", "A pair of surrogates",
          {"ed a0 80 ed b0 80", "ed a0 80 ed bf bf", "ed ad bf ed b0 80", "ed ad bf ed bf bf",
           "ed ae 80 ed b0 80", "ed ae 80 ed bf bf", "ed af bf ed b0 80", "ed af bf ed bf bf"}),
      noncharacters(),
      all_valid("6.23", "A special code point",
                from_hex_each({"ef bf b9", "ef bf ba", "ef bf bb", "ef bf bc", "ef bf bd",
                               "ef bf be", "ef bf bf"})),
  };
}

void append(Cases& all, Cases cases) {
  all.insert(all.end(), std::move_iterator(cases.begin()), std::move_iterator(cases.end()));
}

}  // namespace

Cases utf8_cases() {
  Cases all = message_cases();
  for (const Subgroup& subgroup : valid_and_boundary_subgroups()) append(all, to_cases(subgroup));
  for (const Subgroup& subgroup : broken_subgroups()) append(all, to_cases(subgroup));
  return all;
}

}  // namespace simws::conformance
