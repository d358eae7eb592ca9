#include "protocol/http/date.h"

#include "protocol/http/syntax.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace simws::protocol::http {

namespace {

using std::chrono::days, std::chrono::hours, std::chrono::minutes, std::chrono::seconds,
    std::chrono::sys_days, std::chrono::sys_seconds;

constexpr std::array<std::string_view, 12> names_of_months{
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void append_two_digits(std::string& out, long number) {
  out += static_cast<char>('0' + number / 10);
  out += static_cast<char>('0' + number % 10);
}

std::optional<int> parse_number(std::string_view text, std::size_t most_digits) {
  int number = 0;
  if (text.empty() || text.size() > most_digits || !std::ranges::all_of(text, is_digit)) {
    return std::nullopt;
  }
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// "08:49:37"; nothing: it isn't one.
std::optional<seconds> parse_time_of_day(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto hour = parse_number(text.substr(0, 2), 2);
  const auto minute = parse_number(text.substr(3, 2), 2);
  const auto second = parse_number(text.substr(6, 2), 2);  // 60 is a leap second
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  return hours(*hour) + minutes(*minute) + seconds(*second);
}

std::optional<int> parse_year(std::string_view text) {
  const auto year = parse_number(text, 4);
  if (!year || text.size() == 4) return year;
  if (text.size() != 2) return std::nullopt;
  return *year + (*year < 70 ? 2000 : 1900);
}

std::optional<sys_days> parse_day(std::string_view day, std::string_view month,
                                  std::string_view year) {
  const auto found = std::ranges::find(names_of_months, month);
  const auto number_of_day = parse_number(day, 2);
  const auto number_of_year = parse_year(year);
  if (found == names_of_months.end() || !number_of_day || !number_of_year) return std::nullopt;
  const std::chrono::year_month_day date(
      std::chrono::year(*number_of_year),
      std::chrono::month(static_cast<unsigned>(found - names_of_months.begin()) + 1),
      std::chrono::day(static_cast<unsigned>(*number_of_day)));
  return date.ok() ? std::optional(sys_days(date)) : std::nullopt;
}

// The words of a date, up to six; the day of the week comes first.
struct Words {
  std::array<std::string_view, 6> word;
  std::size_t count = 0;
};

Words split(std::string_view text) {
  constexpr std::string_view separators = " ,-";
  Words words;
  while (words.count < words.word.size()) {
    text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
    if (text.empty()) break;
    words.word[words.count++] = text.substr(0, text.find_first_of(separators));
    text.remove_prefix(words.word[words.count - 1].size());
  }
  return text.empty() ? words : Words{};
}

}  // namespace

std::string format_date(std::time_t time) {
  constexpr std::array<std::string_view, 7> names_of_days{"Sun", "Mon", "Tue", "Wed",
                                                          "Thu", "Fri", "Sat"};
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

std::optional<std::time_t> parse_date(std::string_view text) {
  const auto [word, count] = split(text);
  const bool is_asctime = count == 5;  // Sun Nov  6 08:49:37 1994
  if (!is_asctime && (count != 6 || word[5] != "GMT")) return std::nullopt;
  const auto day =
      is_asctime ? parse_day(word[2], word[1], word[4]) : parse_day(word[1], word[2], word[3]);
  const auto time = parse_time_of_day(word[is_asctime ? 3 : 4]);
  if (!day || !time) return std::nullopt;
  return static_cast<std::time_t>((day->time_since_epoch() + *time).count());
}

}  // namespace simws::protocol::http
