#include "protocol/shared_message.h"

namespace simws::protocol {

namespace {

// Larger ones gain nothing by lying with others.
constexpr std::size_t most_small = SharedMessages::most_together / 4;

}  // namespace

SharedFrames::SharedFrames(std::shared_ptr<OutputBudget> memory, std::size_t capacity)
    : memory_(std::move(memory)) {
  bytes_.reserve(capacity);
}

MessageView SharedFrames::append(std::string_view payload, Opcode opcode) {
  const std::size_t begin = bytes_.size();
  const std::size_t header_size = append_message(bytes_, payload, opcode, true);
  const Bytes frame = std::as_const(bytes_).bytes().subspan(begin);
  memory_->share(frame.size());
  return {frame, header_size, true};
}

SharedMessagePtr SharedMessages::make(const std::shared_ptr<OutputBudget>& memory,
                                      std::string_view payload, Opcode opcode) {
  const std::size_t size = Message::frame_size(payload.size());
  std::shared_ptr<SharedFrames> frames = latest_.lock();
  if (!frames || !frames->has_room_for(size)) {
    frames = std::make_shared<SharedFrames>(memory, size <= most_small ? most_together : size);
    latest_ = frames;
  }
  const MessageView view = frames->append(payload, opcode);
  return std::make_shared<const SharedMessage>(std::move(frames), view);
}

}  // namespace simws::protocol
