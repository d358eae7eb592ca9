#include "host/load/report.h"

namespace simws::load {

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
