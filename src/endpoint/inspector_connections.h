// The connections of a server as the inspector shows them: rows in blocks, each in one place for as
// long as it's open, so that what has changed is told block by block.
#pragma once

#include "endpoint/accepted_connection.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace simws::endpoint {

// Belongs to the loop's thread.
class InspectorConnections {
 public:
  static constexpr std::size_t rows_in_block = 64;

  struct Block {
    std::size_t index = 0;
    std::string text;  // JSON: what inspector.cpp calls `connections`; empty: it has no rows
  };

  // Where memory has run out it isn't shown.
  void add(AcceptedConnection& connection) noexcept;
  void remove(const AcceptedConnection& connection) noexcept;

  // Null: it isn't open any more. Numbers are never given twice.
  AcceptedConnection* find(std::uint64_t number) const;
  // 0: it isn't shown.
  std::uint64_t number_of(const Channel& channel) const;

  // The next block in turn; nothing: the pages have it as it is.
  std::optional<Block> next_block();
  std::size_t blocks() const { return blocks_.size(); }
  // All of them are to be shown anew.
  void forget_shown() noexcept;

 private:
  struct Row {
    AcceptedConnection* connection = nullptr;  // null: a place that is free
    std::uint64_t number = 0;
    double since = 0;  // in milliseconds since 1970
  };
  // A block that has just become quiet is shown once more, so that rates end.
  enum class Shown : std::uint8_t { not_yet, changing, quiet };
  struct State {
    std::size_t rows = 0;
    std::size_t hash = 0;
    Shown shown = Shown::quiet;
  };

  std::size_t take_place();
  std::string text_of(std::size_t block) const;
  bool note_shown(State& block, const std::string& text);

  std::vector<Row> rows_;
  std::vector<State> blocks_;
  std::vector<std::size_t> free_;
  std::unordered_map<const Channel*, std::size_t> places_;
  std::uint64_t latest_ = 0;
  std::size_t next_ = 0;
};

}  // namespace simws::endpoint
