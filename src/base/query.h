// The query of a resource: "name=value" pairs behind "?" (RFC 3986, 3.4; URL Standard, 5.1).
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace simws {

// What is behind the first "?" (empty: nothing), and before it.
std::string_view query_of(std::string_view resource);
std::string_view path_of(std::string_view resource);

// Visits the pairs of a query as they were sent. One without "=" has an empty value; empty pairs
// are left out.
template <typename Visitor>  // void(string_view pair, string_view name, string_view value)
void for_each_query_pair(std::string_view query, Visitor&& visit) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    visit(pair, pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
  }
}

// "%41" for "A".
void append_percent_encoded(std::string& out, char c);
// Bytes that `stays` is true of stay as they are.
template <typename Stays>  // bool(char)
std::string percent_encode(std::string_view text, Stays&& stays) {
  std::string encoded;
  for (const char c : text) {
    if (stays(c)) {
      encoded += c;
    } else {
      append_percent_encoded(encoded, c);
    }
  }
  return encoded;
}
// So that it means itself in a path or query, whoever reads it.
std::string percent_encode(std::string_view text);

// What the "%41" at the front of a text stands for. Nothing: none is there.
std::optional<char> percent_decoded_front(std::string_view text);

// With "%41" as "A". Nothing: a "%" without two hex digits behind it.
std::optional<std::string> percent_decoded(std::string_view text);
// The same, but that what isn't two hex digits behind "%" stays as it is.
std::string percent_decode(std::string_view text);
// The same of what a form has sent, where "+" is a space.
std::string form_decode(std::string_view text);

}  // namespace simws
