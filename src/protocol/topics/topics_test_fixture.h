// Publications as tests write them.
#pragma once

#include "protocol/topics/publication.h"

#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace simws::protocol::test {

inline std::shared_ptr<OutputBudget> unlimited_budget() {
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  return std::make_shared<OutputBudget>(most, most);
}

inline PublicationPtr publication(std::string key, std::string_view data,
                                  std::string topic = "topic", bool retain = false) {
  return std::make_shared<const Publication>(
      Publication{std::move(topic), std::move(key),
                  make_shared_message(unlimited_budget(), data, Opcode::text), 0, retain, true});
}

inline std::string data_of(const Publication& publication) {
  return std::string(as_text(publication.message->view().payload()));
}

}  // namespace simws::protocol::test
