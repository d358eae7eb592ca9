#include "protocol/topics/publication_forms.h"

#include "base/cut_text.h"
#include "protocol/topics/publication.h"
#include "protocol/topics/topic_messages.h"

#include <algorithm>
#include <string>

namespace simws::protocol {

namespace {

// Where a part that begins at `begin` ends: not in the middle of a character.
std::size_t end_of_part(Bytes payload, std::size_t begin, bool is_text) {
  constexpr std::size_t most = PublicationForms::part_size;
  if (is_text) return begin + cut_text(as_text(payload.subspan(begin)), most).size();
  return std::min(begin + most, payload.size());
}

}  // namespace

void PublicationForms::divide(const Publication& of) {
  const MessageView view = of.message->view();
  const bool is_text = view.opcode() == FrameOpcode::text;
  std::vector<Part> parts;
  std::size_t begin = 0;
  do {
    const std::size_t end = end_of_part(view.payload(), begin, is_text);
    parts.push_back({begin, end, nullptr});
    begin = end;
  } while (begin < view.payload().size());
  parts_ = std::move(parts);
}

std::size_t PublicationForms::count(const Publication& of) {
  if (parts_.empty()) divide(of);
  return parts_.size();
}

const SharedMessagePtr& PublicationForms::part(const Publication& of, std::size_t index) {
  const std::size_t of_all = count(of);
  Part& part = parts_[index];
  if (!part.message) {
    const MessageView view = of.message->view();
    std::string text =
        of_all == 1 ? topic_message::message(of.topic, of.key, of.time, of.origin)
                    : topic_message::part(of.topic, of.key, of.time, index, of_all, of.origin);
    text.append(as_text(view.payload().subspan(part.begin, part.end - part.begin)));
    part.message = make_shared_message(of.message->frames()->memory(), text,
                                       static_cast<Opcode>(view.opcode()));
  }
  return part.message;
}

}  // namespace simws::protocol
