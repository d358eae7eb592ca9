// What a load found.
#pragma once

#include "host/load/figures.h"
#include "host/load/histogram.h"

#include <cstdint>
#include <string>

namespace simws::load {

struct Report {
  Figures figures = {};
  Histogram times = {};       // may be empty
  std::string times_of = {};  // what they are times of: "round trip"
  std::string note = {};      // for people, a sentence; mostly empty
  std::string server = {};    // its URI, without secrets; empty: clients were measured
};

// "compressed": so many messages came so, of a server that has agreed to; a note where none did.
void note_compressed(Report& report, std::uint64_t messages);

// "p50_us" and so on, of all that is in it.
void append_percentiles(Figures& figures, const Histogram& times, const std::string& prefix,
                        const std::string& unit, double units_per_second);

}  // namespace simws::load
