// Header fields as one compact text: an idle connection keeps its own for as long as it lives.
#pragma once

#include <simws/http.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol::http {

// Names compare without case (RFC 9110, 5.1).
bool equals_ignoring_case(std::string_view a, std::string_view b);

// A comma-separated list of tokens has this one (RFC 9110, 5.6.1), whatever its case.
bool list_contains(std::string_view list, std::string_view token);

// Fields in the order added, with names and values as sent (values without white space around).
class Headers {
 public:
  void add(std::string_view name, std::string_view value);

  // The first field of this name. Views live until the next `add`.
  std::optional<std::string_view> find(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  // The values of all fields of this name, joined by ", " (RFC 9110, 5.3).
  std::string joined(std::string_view name) const;
  // A field of this name lists the token, whatever its case.
  bool has_list_item(std::string_view name, std::string_view token) const;

  template <typename Visitor>  // void(string_view name, string_view value)
  void for_each(Visitor&& visit) const;

  HeaderList to_list() const;
  void shrink_to_fit() { text_.shrink_to_fit(); }

 private:
  std::string text_;  // "name\0value\0name\0value\0": neither may hold NUL
};

template <typename Visitor>
void Headers::for_each(Visitor&& visit) const {
  for (std::size_t at = 0; at < text_.size();) {
    const std::size_t name_end = text_.find('\0', at);
    const std::size_t value_end = text_.find('\0', name_end + 1);
    const std::string_view all = text_;
    visit(all.substr(at, name_end - at), all.substr(name_end + 1, value_end - name_end - 1));
    at = value_end + 1;
  }
}

}  // namespace simws::protocol::http
