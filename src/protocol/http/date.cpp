#include "protocol/http/date.h"

#include <array>
#include <chrono>
#include <string_view>

namespace simws::protocol::http {

namespace {

void append_two_digits(std::string& out, long number) {
  out += static_cast<char>('0' + number / 10);
  out += static_cast<char>('0' + number % 10);
}

}  // namespace

std::string format_date(std::time_t time) {
  using std::chrono::days, std::chrono::seconds, std::chrono::sys_days, std::chrono::sys_seconds;
  constexpr std::array<std::string_view, 7> names_of_days{"Sun", "Mon", "Tue", "Wed",
                                                          "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> names_of_months{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds now{seconds(time)};
  const sys_days day = std::chrono::floor<days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(now - day);

  std::string text(names_of_days[std::chrono::weekday(day).c_encoding()]);
  text += ", ";
  append_two_digits(text, static_cast<unsigned>(date.day()));
  text.append(" ").append(names_of_months[static_cast<unsigned>(date.month()) - 1]).append(" ");
  text.append(std::to_string(static_cast<int>(date.year()))).append(" ");
  append_two_digits(text, clock.hours().count());
  text += ':';
  append_two_digits(text, clock.minutes().count());
  text += ':';
  append_two_digits(text, clock.seconds().count());
  return text += " GMT";
}

}  // namespace simws::protocol::http
