#include "protocol/shared_message.h"

#include "protocol/deflate_shared.h"

namespace simws::protocol {

SharedFrames::SharedFrames(std::shared_ptr<OutputBudget> memory, std::size_t capacity)
    : memory_(std::move(memory)) {
  bytes_.reserve(capacity);
}

SharedFrames::SharedFrames(std::shared_ptr<OutputBudget> memory, Buffer frame)
    : bytes_(std::move(frame)), memory_(std::move(memory)) {
  memory_->share(bytes_.size());
}

MessageView SharedFrames::append(std::string_view payload, Opcode opcode) {
  const std::size_t begin = bytes_.size();
  const std::size_t header_size = append_message(bytes_, payload, opcode, true);
  return {share_from(begin), header_size, true};
}

MessageView SharedFrames::append_compressed(std::string_view payload, Opcode opcode) {
  const std::size_t begin = bytes_.size();
  const std::size_t header_size = protocol::append_compressed(bytes_, payload, opcode);
  return {share_from(begin), header_size, true};
}

Bytes SharedFrames::append_part(Bytes payload) {
  const std::size_t begin = bytes_.size();
  bytes_.append(payload);
  return share_from(begin);
}

Bytes SharedFrames::share_from(std::size_t begin) {
  const Bytes added = std::as_const(bytes_).bytes().subspan(begin);
  memory_->share(added.size());
  return added;
}

SharedMessage::SharedMessage(SharedFramesPtr frames, const MessageView& view)
    : frames_(std::move(frames)), view_(view) {}

SharedMessage::~SharedMessage() = default;

SharedMessagePtr make_shared_message(const std::shared_ptr<OutputBudget>& memory,
                                     std::string_view payload, Opcode opcode) {
  auto frames = std::make_shared<SharedFrames>(memory, Message::frame_size(payload.size()));
  const MessageView view = frames->append(payload, opcode);
  return std::make_shared<const SharedMessage>(std::move(frames), view);
}

std::shared_ptr<SharedFrames> SharedMessages::frames_with_room(
    const std::shared_ptr<OutputBudget>& memory, std::size_t payload_size) {
  const std::size_t size = Message::frame_size(payload_size);
  std::shared_ptr<SharedFrames> frames = latest_.lock();
  if (!frames || frames->memory() != memory || !frames->has_room_for(size)) {
    const bool is_small = size <= most_together_ / 4;
    frames = std::make_shared<SharedFrames>(memory, is_small ? most_together_ : size);
    latest_ = frames;
  }
  return frames;
}

SharedMessagePtr SharedMessages::make(const std::shared_ptr<OutputBudget>& memory,
                                      std::string_view payload, Opcode opcode) {
  auto frames = frames_with_room(memory, payload.size());
  const MessageView view = frames->append(payload, opcode);
  return std::make_shared<const SharedMessage>(std::move(frames), view);
}

SharedMessagePtr SharedMessages::make_compressed(const SharedMessage& message,
                                                 std::string_view payload) {
  auto frames = frames_with_room(message.frames()->memory(), payload.size());
  const auto opcode = static_cast<Opcode>(message.view().opcode());
  const MessageView view = frames->append_compressed(payload, opcode);
  return std::make_shared<const SharedMessage>(std::move(frames), view);
}

}  // namespace simws::protocol
