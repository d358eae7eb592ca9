// What a server and its helper process say to each other, in portions: whatever arrives, frames are
// found where they are, and a word that is understood is said again as it was.
#include "check.h"
#include "protocol/broker/helper_frames.h"
#include "protocol/broker/helper_words.h"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

using namespace simws;
using namespace simws::protocol;
using fuzz::check;

namespace {

namespace word = helper_word;

template <typename Spoken, typename Parsed>
void check_said_again(const std::string& head, const Spoken& spoken, Parsed parse) {
  const std::string_view line = std::string_view(head).substr(helper_frame::length_size);
  check(line.ends_with('\n') && line.find('\n') == line.size() - 1);
  const auto again = parse(line.substr(0, line.size() - 1));
  const Spoken* const same = again.ok() ? std::get_if<Spoken>(&again.value()) : nullptr;
  check(same && *same == spoken);
}

void check_word(const word::Start& w) {
  check_said_again(word::start(w), w, parse_server_word);
}
void check_word(const word::Message& w) {
  check_said_again(word::message(w.topic, w.key, w.opcode, w.sequence, w.time, w.retain, 0), w,
                   parse_server_word);
}
void check_word(const word::Retained& w) {
  check_said_again(word::retained(w.topic, w.key, w.opcode, w.sequence, w.time, 0), w,
                   parse_server_word);
}
void check_word(const word::Mark& w) {
  check_said_again(word::mark(w.number, w.of_stored), w, parse_server_word);
}
void check_word(const word::Topics& w) {
  check_said_again(word::topics(0), w, parse_server_word);
}
void check_word(const word::Stop& w) {
  check_said_again(word::stop(), w, parse_server_word);
}
void check_word(const word::State& w) {
  check_said_again(word::state(w.kind, w.text), w, parse_helper_word);
}
void check_word(const word::Problem& w) {
  check_said_again(word::problem(w.text), w, parse_helper_word);
}
void check_word(const word::Acknowledge& w) {
  check_said_again(word::acknowledge(w.number), w, parse_helper_word);
}
void check_word(const word::Publish& w) {
  check_said_again(word::publish(w.viewer, w.topic, w.opcode, 0), w, parse_helper_word);
  const Result<RemoteViewer> viewer = parse_viewer(viewer_text(w.viewer), w.viewer.edge);
  check(viewer_text(w.viewer).size() > 1024 || (viewer.ok() && *viewer == w.viewer));
}
void check_word(const word::Unknown&) {}

void check_line(std::string_view line) {
  const auto visit = [](const auto& w) { check_word(w); };
  if (const auto server = parse_server_word(line); server.ok()) std::visit(visit, server.value());
  if (const auto helper = parse_helper_word(line); helper.ok()) std::visit(visit, helper.value());
  if (const auto viewer = parse_viewer(line, "edge"); viewer.ok()) check(viewer->edge == "edge");
}

// Frames as text, and then how it ended.
std::vector<std::string> frames_of(Bytes input, std::size_t portion) {
  HelperFrames reader;
  std::vector<std::string> frames;
  while (!input.empty()) {
    Bytes now = input.first(std::min(portion, input.size()));
    input = input.subspan(now.size());
    while (!now.empty()) {
      const HelperFrames::Outcome outcome = reader.read(now);
      if (const auto* const failed = std::get_if<HelperFrames::Failed>(&outcome)) {
        frames.emplace_back(failed->reason);
        return frames;
      }
      if (const auto* const frame = std::get_if<HelperFrames::Frame>(&outcome)) {
        frames.push_back(std::string(frame->line) + '\n' + std::string(as_text(frame->payload)));
      }
    }
  }
  return frames;
}

}  // namespace

// Of the input the first byte says how it's cut; all of it is also read as one line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = fuzz::to_bytes(data, size);
  if (input.empty()) return 0;
  const Bytes stream = input.subspan(1);
  const std::vector<std::string> whole = frames_of(stream, std::max<std::size_t>(1, stream.size()));
  check(whole == frames_of(stream, std::size_t{1} + data[0]));
  for (const std::string& frame : whole) check_line(frame.substr(0, frame.find('\n')));
  check_line(as_text(stream));
  return 0;
}
