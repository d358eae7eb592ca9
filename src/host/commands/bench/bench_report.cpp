#include "host/commands/bench/bench_report.h"

#include "host/commands/bench/histogram_picture.h"
#include "host/commands/bench/time_text.h"

#include <cmath>
#include <limits>
#include <string_view>

namespace simws::host {

namespace {

using load::LoadOptions;
using load::Mode;
using load::Report;

constexpr double nearly_all = 0.95;  // of a processor

double figure(const Report& report, std::string_view name) {
  for (const auto& [key, value] : report.figures) {
    if (key == name) return value;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::string counted(std::size_t count, const std::string& what) {
  return count_text(static_cast<double>(count)) + ' ' + what + (count == 1 ? "" : "s");
}

std::string rate_of(const Report& report, const std::string& what) {
  return count_text(figure(report, "messages_per_second")) + ' ' + what + " a second (" +
         count_text(figure(report, "messages")) + " in " +
         time_text(figure(report, "seconds"), false) + ')';
}

std::string throughput(const LoadOptions& options, const Report& report) {
  const double bytes = figure(report, "messages_per_second") * static_cast<double>(options.size);
  return bytes_text(bytes) + "/s of payload each way, every byte as it was sent";
}

std::string stream_lines(const Report& report) {
  return "  " + rate_of(report, "messages") + ", " +
         bytes_text(figure(report, "bytes_per_second")) +
         "/s\n  a connection: " + count_text(figure(report, "connection_rate_min")) + " to " +
         count_text(figure(report, "connection_rate_max")) + " a second, half of them over " +
         count_text(figure(report, "connection_rate_median")) + '\n';
}

std::string sent_lines(Mode mode, const LoadOptions& options, const Report& report) {
  std::string text = "  " + rate_of(report, mode == Mode::echo ? "messages" : "deliveries") + '\n';
  if (mode != Mode::age) return text + "  " + throughput(options, report) + '\n';
  text += "  delivered " + count_text(figure(report, "delivered") * 100) + " %";
  if (options.slow == 0) return text + '\n';
  return text + ", " + count_text(figure(report, "slow_ended")) + " of " +
         counted(options.slow, "slow viewer") + " cut off\n";
}

std::string what_came(Mode mode, const LoadOptions& options, const Report& report) {
  switch (mode) {
    case Mode::echo:
      return sent_lines(mode, options, report);
    case Mode::fan_out:
    case Mode::age:
      return options.sends ? sent_lines(mode, options, report) : stream_lines(report);
    case Mode::latency:
      return "  " + rate_of(report, "messages") + ", asked for " + count_text(options.rate) + "; " +
             count_text(figure(report, "late")) + " not back in time\n";
    case Mode::connect:
      return "  " + rate_of(report, "connections") + ", " +
             count_text(static_cast<double>(options.connections)) + " at a time\n";
    case Mode::idle:
      return "  " + rate_of(report, "connections") + '\n';
  }
  return {};
}

std::string server_line(const LoadOptions& options, const Report& report,
                        const OutputStyle& style) {
  if (options.server == 0) return {};
  std::string text = "  the server's processor time: " +
                     time_text(figure(report, "server_us_per_message") * 1e-6, style.has_unicode) +
                     " each, busy " + count_text(std::round(figure(report, "server_busy") * 100)) +
                     " %\n";
  const double memory = figure(report, "bytes_per_connection");
  if (std::isfinite(memory)) text += "  its memory: " + bytes_text(memory) + " a connection\n";
  return text;
}

// What limits the rate is to be known. A load that spins is always busy.
std::string own_line(Mode mode, const LoadOptions& options, const Report& report) {
  const bool spins = mode == Mode::latency && !options.waits;
  if (spins || figure(report, "client_busy") < nearly_all) return {};
  return "  this program was busy all the time: the server may be faster than that\n";
}

std::string percentiles(const Report& report, const OutputStyle& style) {
  const auto text = [&](double seconds) { return time_text(seconds, style.has_unicode); };
  const load::Histogram& times = report.times;
  return "  " + report.times_of + ":  p50 " + text(times.percentile(0.5)) + "   p90 " +
         text(times.percentile(0.9)) + "   p99 " + text(times.percentile(0.99)) + "   p99.9 " +
         text(times.percentile(0.999)) + "   max " + text(times.greatest()) + '\n';
}

}  // namespace

std::string bench_report(Mode mode, const LoadOptions& options, const Report& report,
                         const OutputStyle& style) {
  std::string text = what_came(mode, options, report) + server_line(options, report, style) +
                     own_line(mode, options, report);
  if (!report.note.empty()) text += "  " + report.note + '\n';
  if (report.times.count() == 0) return text;
  return text + '\n' + percentiles(report, style) + '\n' + histogram_picture(report.times, style);
}

}  // namespace simws::host
