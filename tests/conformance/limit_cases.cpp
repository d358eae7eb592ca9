// Group 9 (large messages, many fragments, small chops, many messages) and 10 (fragments made by
// the sender's own rule).
#include "cases.h"

#include <algorithm>

namespace simws::conformance {
namespace {

constexpr std::size_t KiB = 1024, MiB = 1024 * KiB;

#ifdef SIMWS_REDUCED_SCALE
constexpr std::size_t scale = 16;
#else
constexpr std::size_t scale = 1;
#endif

std::string size_text(std::size_t size) {
  return size < MiB ? std::to_string(size) + " bytes" : std::to_string(size / MiB) + " MiB";
}

// Text and binary messages are treated alike.
struct Kind {
  FrameOpcode opcode;
  std::string name;

  Wire message(std::string payload) const { return fragmented(opcode, {std::move(payload)}); }
  Answer answer(std::string payload) const { return {opcode, std::move(payload)}; }
};

const Kind text_kind{FrameOpcode::text, "text"};
const Kind binary_kind{FrameOpcode::binary, "binary message"};

std::string payload_of(std::size_t size) {
  std::string payload(size, '\0');
  for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<char>('a' + i % 23);
  return payload;
}

Cases large_messages(const std::string& number, const Kind& kind) {
  Cases cases;
  for (const std::size_t size : {64 * KiB, 256 * KiB, 1 * MiB, 4 * MiB, 8 * MiB, 16 * MiB}) {
    cases.push_back({number + "." + std::to_string(cases.size() + 1),
                     "A " + kind.name + " of " + size_text(size) + " is echoed.", [kind, size] {
                       const std::string payload = payload_of(size / scale);
                       return exchange(whole(kind.message(payload)), {kind.answer(payload)}) +
                              goodbye();
                     }});
  }
  return cases;
}

Cases many_fragments(const std::string& number, const Kind& kind) {
  Cases cases;
  for (std::size_t size = 64; size <= 4 * MiB; size *= 4) {
    cases.push_back(
        {number + "." + std::to_string(cases.size() + 1),
         "A " + kind.name + " of 4 MiB in fragments of " + size_text(size) + " is echoed.",
         [kind, size] {
           const std::string payload = payload_of(4 * MiB / scale);
           return exchange(frame_by_frame(fragmented(kind.opcode, pieces(payload, size))),
                           {kind.answer(payload)}) +
                  goodbye();
         }});
  }
  return cases;
}

Cases small_chops(const std::string& number, const Kind& kind) {
  Cases cases;
  for (std::size_t size = 64; size <= 2048; size *= 2) {
    cases.push_back({number + "." + std::to_string(cases.size() + 1),
                     "A " + kind.name + " of 1 MiB in chops of " + size_text(size) + " is echoed.",
                     [kind, size] {
                       const std::string payload = payload_of(MiB / scale);
                       return exchange(in_chops(size, kind.message(payload)),
                                       {kind.answer(payload)}) +
                              goodbye();
                     }});
  }
  return cases;
}

Dialogue one_by_one(const Kind& kind, std::size_t count, std::size_t size) {
  const std::string payload = payload_of(size);
  Dialogue dialogue;
  for (std::size_t i = 0; i < count; ++i) {
    dialogue.push_back({whole(kind.message(payload)), {kind.answer(payload)}});
  }
  return std::move(dialogue) + goodbye();
}

Cases many_messages(const std::string& number, const Kind& kind) {
  Cases cases;
  for (const std::size_t size : {0, 16, 64, 256, 1024, 4096}) {
    cases.push_back({number + "." + std::to_string(cases.size() + 1),
                     "1000 times a " + kind.name + " of " + size_text(size) +
                         ", each sent after the one before is echoed.",
                     [kind, size] { return one_by_one(kind, 1000 / scale, size); }});
  }
  return cases;
}

Cases automatic_fragments() {
  return {{"10.1.1", "A text of 65536 bytes in fragments of 1300 is echoed.", [] {
             const std::string payload = payload_of(65536);
             return exchange(whole(fragmented(FrameOpcode::text, pieces(payload, 1300))),
                             {text_answer(payload)}) +
                    goodbye();
           }}};
}

}  // namespace

Cases limit_cases() {
  Cases all;
  for (const Cases& cases : {large_messages("9.1", text_kind), large_messages("9.2", binary_kind),
                             many_fragments("9.3", text_kind), many_fragments("9.4", binary_kind),
                             small_chops("9.5", text_kind), small_chops("9.6", binary_kind),
                             many_messages("9.7", text_kind), many_messages("9.8", binary_kind),
                             automatic_fragments()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace simws::conformance
