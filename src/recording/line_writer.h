// Lines of a recording as they are written.
#pragma once

#include "recording/entry.h"

#include <chrono>
#include <string>

namespace simws::recording {

// Appends a line, with its line feed. REQUIRES: texts are UTF-8.
void append_line(std::string& text, const Header& header);
void append_line(std::string& text, const Entry& entry);

// "2026-11-30T10:41:40.123456Z".
std::string rfc3339(std::chrono::system_clock::time_point time);

}  // namespace simws::recording
