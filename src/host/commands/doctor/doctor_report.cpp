#include "host/commands/doctor/doctor_report.h"

#include "host/commands/message_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>
#include <string_view>

namespace simws::host {

namespace {

constexpr std::size_t verdict_width = 9;
constexpr std::size_t name_width = 16;
constexpr const char* no_colour = "\033[0m";

struct VerdictText {
  const char* word;
  const char* colour;
};

VerdictText text_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return {"ok", "\033[32m"};
    case Verdict::note:
      return {"note", "\033[33m"};
    case Verdict::problem:
      return {"problem", "\033[31m"};
  }
  return {};
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 1, width), ' ');
  return text;
}

// Lines behind the first begin where it did.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::istringstream words{safe_for_terminal(text)};
  std::string out;
  std::size_t used = indent;
  for (std::string word; words >> word;) {
    const bool is_first = used == indent;
    if (!is_first && used + 1 + word.size() > width) {
      out += '\n' + std::string(indent, ' ');
      used = indent;
    } else if (!is_first) {
      out += ' ';
      ++used;
    }
    out += word;
    used += word.size();
  }
  return out + '\n';
}

std::string row_of(const Finding& finding, const OutputStyle& style) {
  const VerdictText verdict = text_of(finding.verdict);
  const std::size_t indent = verdict_width + name_width;
  std::string row = padded(verdict.word, verdict_width);
  if (style.in_colour) row = verdict.colour + row + no_colour;
  row += padded(finding.name, name_width) + wrapped(finding.text, indent, style.width);
  if (finding.advice.empty()) return row;
  return row + std::string(indent, ' ') + wrapped("> " + finding.advice, indent, style.width);
}

std::string summary(std::span<const Finding> findings) {
  const std::size_t problems = count_of(findings, Verdict::problem);
  if (problems == 0) return "\nNothing here keeps simWS from working.\n";
  return '\n' + std::to_string(problems) + (problems == 1 ? " problem keeps" : " problems keep") +
         " simWS from working.\n";
}

}  // namespace

std::size_t count_of(std::span<const Finding> findings, Verdict verdict) {
  return static_cast<std::size_t>(std::ranges::count(findings, verdict, &Finding::verdict));
}

std::string doctor_table(std::span<const Finding> findings, const OutputStyle& style) {
  std::string text;
  for (const Finding& finding : findings) text += row_of(finding, style);
  return text + summary(findings);
}

std::string doctor_json(std::span<const Finding> findings) {
  nlohmann::ordered_json checks = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    checks.push_back({{"name", finding.name},
                      {"verdict", text_of(finding.verdict).word},
                      {"text", finding.text},
                      {"advice", finding.advice}});
  }
  nlohmann::ordered_json all;
  all["checks"] = std::move(checks);
  all["notes"] = count_of(findings, Verdict::note);
  all["problems"] = count_of(findings, Verdict::problem);
  // Names of files may be no UTF-8.
  return all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace simws::host
