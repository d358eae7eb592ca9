#include "host/commands/doctor/check_text.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace simws::host {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
  return text.substr(0, text.find_last_not_of(space) + 1);
}

std::string read_word(const Machine& machine, const std::string& file) {
  return std::string(trimmed(machine.read(file).value_or("")));
}

std::optional<long long> number_of(std::string_view text, int base) {
  long long number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number, base);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

std::string listed(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " and " : ", ";
    text += items[i];
  }
  return text;
}

}  // namespace simws::host
