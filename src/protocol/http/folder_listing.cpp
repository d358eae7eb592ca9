#include "protocol/http/folder_listing.h"

#include "base/query.h"
#include "protocol/http/date.h"
#include "protocol/http/file_target.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace simws::protocol::http {

namespace {

constexpr std::string_view head = R"html(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<style>
  body { max-width: 60em; margin: 1em auto; padding: 0 1em; font: 16px system-ui, sans-serif; }
  h1 { font-size: 1.2em; overflow-wrap: anywhere; }
  table { width: 100%; border-collapse: collapse; }
  td { padding: .25em 1em .25em 0; overflow-wrap: anywhere; }
  td + td { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; opacity: .7; }
</style>
)html";

void append_escaped(std::string& html, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += c;
    }
  }
}

// "1.5 MiB"
std::string readable_size(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> units{" B", " KiB", " MiB", " GiB", " TiB"};
  if (bytes < 1024) return std::to_string(bytes).append(units[0]);
  std::size_t unit = 1;
  std::uint64_t tenths = bytes / 1024 * 10 + bytes % 1024 * 10 / 1024;
  for (; tenths >= 10240 && unit + 1 < units.size(); ++unit) tenths /= 1024;
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10).append(units[unit]);
}

void append_row(std::string& html, const ListedName& row) {
  const std::string slash = row.is_folder ? "/" : "";
  html.append("<tr><td><a href=\"./").append(percent_encode(row.name)).append(slash).append("\">");
  append_escaped(html, row.name + slash);
  html.append("</a><td>").append(row.is_folder ? "" : readable_size(row.size));
  html.append("<td>").append(format_date(static_cast<std::time_t>(row.modified))).append("\n");
}

}  // namespace

HttpResponse list_folder(std::string_view path, bool has_parent, std::vector<ListedName> names) {
  std::erase_if(names, [](const ListedName& row) { return !is_served_name(row.name); });
  std::ranges::sort(names, [](const ListedName& one, const ListedName& other) {
    if (one.is_folder != other.is_folder) return one.is_folder;
    return one.name < other.name;
  });
  HttpResponse response;
  std::string& html = response.body;
  html.append(head).append("<title>");
  append_escaped(html, path);
  html += "</title>\n<h1>";
  append_escaped(html, path);
  html += "</h1>\n<table>\n";
  if (has_parent) html += "<tr><td><a href=\"../\">../</a><td><td>\n";
  for (const ListedName& row : names) append_row(html, row);
  html += "</table>\n";
  response.headers = {{"Content-Type", "text/html; charset=utf-8"},
                      {"X-Content-Type-Options", "nosniff"}};
  return response;
}

}  // namespace simws::protocol::http
