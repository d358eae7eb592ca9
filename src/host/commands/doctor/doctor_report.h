// Findings for people, and for programs.
#pragma once

#include "host/commands/doctor/checks.h"
#include "host/commands/output_style.h"

#include <span>
#include <string>

namespace simws::host {

std::string doctor_table(std::span<const Finding> findings, const OutputStyle& style);

// {"checks": [{"name", "verdict", "text", "advice"}...], "notes": 1, "problems": 0}
std::string doctor_json(std::span<const Finding> findings);

std::size_t count_of(std::span<const Finding> findings, Verdict verdict);

}  // namespace simws::host
