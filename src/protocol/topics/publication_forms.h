// A publication as it goes to those who speak simws.topics.1: behind a header line, and in parts
// where it's large.
#pragma once

#include "protocol/shared_message.h"

#include <cstddef>
#include <vector>

namespace simws::protocol {

struct Publication;

// Belongs to the network's thread.
class PublicationForms {
 public:
  // Of the payload, in a part, which with its header line is one frame; characters aren't cut.
  static constexpr std::size_t part_size = 60u << 10;

  // Each is made when it's asked for first, and kept as long as the publication is. Throws
  // std::bad_alloc.
  std::size_t count(const Publication& of);
  const SharedMessagePtr& part(const Publication& of, std::size_t index);

 private:
  struct Part {
    std::size_t begin = 0;  // in the payload
    std::size_t end = 0;
    SharedMessagePtr message;
  };

  void divide(const Publication& of);

  std::vector<Part> parts_;  // empty: not divided yet
};

}  // namespace simws::protocol
