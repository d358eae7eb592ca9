// What a measurement found, for people.
#pragma once

#include "host/commands/output_style.h"
#include "host/load/load.h"

#include <string>

namespace simws::host {

// REQUIRES: something was measured.
std::string bench_report(load::Mode mode, const load::LoadOptions& options,
                         const load::Report& report, const OutputStyle& style);

}  // namespace simws::host
