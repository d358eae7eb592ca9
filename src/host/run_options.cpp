#include "host/run_options.h"

#include <charconv>
#include <system_error>

namespace simws::host {

std::optional<Seconds> parse_step(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  if (unit != "ms" && unit != "s" && !unit.empty()) return std::nullopt;
  if (unit.empty() && number >= 1) return std::nullopt;
  const Seconds step{unit == "ms" ? number / 1000 : number};
  constexpr Seconds shortest{0.001};
  constexpr Seconds longest{3600};
  if (!(step >= shortest && step <= longest)) return std::nullopt;
  return step;
}

}  // namespace simws::host
