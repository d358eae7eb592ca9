// Figures as people read them.
#pragma once

#include <string>

namespace simws::host {

// Three digits and the unit that fits: "412 µs", "1.21 ms"; "-" where it's no number. Without
// Unicode the micro sign is a u.
std::string time_text(double seconds, bool has_unicode);

// "143,211"; one digit behind the point below 100.
std::string count_text(double number);

// "8.7 MiB".
std::string bytes_text(double bytes);

}  // namespace simws::host
