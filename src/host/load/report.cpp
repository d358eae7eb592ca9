#include "host/load/report.h"

namespace simws::load {

void note_compressed(Report& report, std::uint64_t messages) {
  report.figures.emplace_back("compressed", static_cast<double>(messages));
  if (messages > 0) return;
  report.note =
      "no message came compressed, though that was agreed on: are they under the server's "
      "threshold?";
}

void append_percentiles(Figures& figures, const Histogram& times, const std::string& prefix,
                        const std::string& unit, double units_per_second) {
  const auto add = [&](const char* name, double seconds) {
    figures.emplace_back(prefix + name + '_' + unit, seconds * units_per_second);
  };
  add("p50", times.percentile(0.5));
  add("p90", times.percentile(0.9));
  add("p99", times.percentile(0.99));
  add("p999", times.percentile(0.999));
  add("max", times.greatest());
}

}  // namespace simws::load
