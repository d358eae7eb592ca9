#include "transport/uv_reads.h"

#include "transport/uv_stream.h"

#include <algorithm>
#include <optional>

namespace simws::transport {

void UvReads::add(UvStream& stream) {
  stream.place_in_reads_ = static_cast<std::uint32_t>(ready_.size());
  ready_.push_back(&stream);
}

void UvReads::remove(const UvStream& stream) {
  ready_[stream.place_in_reads_] = nullptr;
}

void UvReads::run() {
  for (std::size_t first = 0; first < ready_.size(); first += most_together) {
    const std::size_t count = std::min(ready_.size() - first, most_together);
    const Group group = Group(ready_).subspan(first, count);
    if (count == 1) {
      read(group.front(), whole());
    } else {
      read_together(group);
    }
  }
  for (UvStream* const stream : ready_) {
    if (stream) stream->place_in_reads_ = UvStream::nowhere;
  }
  ready_.clear();
}

void UvReads::read_together(Group group) {
  std::array<std::optional<Transfer>, most_together> transfers;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const UvStream* const stream = group[i];
    if (is_read(stream) && !stream->reads_much_) transfers[i] = group[i]->socket_.receive(part(i));
  }
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (group[i] && transfers[i]) hand_on(*group[i], *transfers[i], part(i));
  }
  for (UvStream* const& stream : group) {
    if (stream && stream->reads_much_) read(stream, whole());
  }
}

void UvReads::read(UvStream* stream, MutableBytes buffer) {
  if (is_read(stream)) hand_on(*stream, stream->socket_.receive(buffer), buffer);
}

bool UvReads::is_read(const UvStream* stream) {
  return stream && stream->wants_data();
}

void UvReads::hand_on(UvStream& stream, const Transfer& transfer, MutableBytes buffer) {
  stream.reads_much_ = transfer.bytes >= part_size;
  stream.handle_received(transfer, buffer);
}

}  // namespace simws::transport
