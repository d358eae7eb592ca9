#include "protocol/http/weight.h"

#include "protocol/http/syntax.h"

#include <cstddef>

namespace simws::protocol::http {

std::optional<int> parse_weight(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int weight = text[0] - '0';
  for (std::size_t i = 2; i < 5; ++i) {
    const char digit = i < text.size() ? text[i] : '0';
    if (!is_digit(digit)) return std::nullopt;
    weight = weight * 10 + (digit - '0');
  }
  return weight > 1000 ? std::nullopt : std::optional(weight);
}

}  // namespace simws::protocol::http
