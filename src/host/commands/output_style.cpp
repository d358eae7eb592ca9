#include "host/commands/output_style.h"

#include "host/commands/screen.h"

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdlib>
#include <cstring>

namespace simws::host {

namespace {

constexpr std::size_t narrowest = 40;
constexpr std::size_t widest = 110;  // lines over that are hard to follow

std::size_t width_of_terminal() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const char* const columns = std::getenv("COLUMNS");
  const long width = columns ? std::strtol(columns, nullptr, 10) : 0;
  return width > 0 ? static_cast<std::size_t>(width) : OutputStyle{}.width;
}

// The user's, whatever this program has set for itself.
bool is_locale_utf8() {
  const locale_t locale = newlocale(LC_CTYPE_MASK, "", nullptr);
  if (!locale) return false;
  const bool is_utf8 = std::strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
  freelocale(locale);
  return is_utf8;
}

}  // namespace

OutputStyle OutputStyle::of_environment() {
  OutputStyle style;
  style.width = std::clamp(width_of_terminal(), narrowest, widest);
  style.has_unicode = is_locale_utf8();
  style.in_colour = ScreenStyle::of_environment().in_colour;
  return style;
}

}  // namespace simws::host
