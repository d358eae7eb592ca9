#include "protocol/http/conditions.h"

#include "protocol/http/date.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <optional>

namespace simws::protocol::http {

namespace {

// RFC 9110, 8.8.3.2: a weak tag equals a strong one where the bytes needn't be the same.
enum class Comparison { weak, strong };

// The front of a list of entity tags, without what separates them.
std::string_view skip_separators(std::string_view list) {
  list.remove_prefix(std::min(list.find_first_not_of(" \t,"), list.size()));
  return list;
}

// Tags may hold commas and backslashes, so it's no list of strings. It ends where it's none of
// tags.
bool has_tag(std::string_view list, std::string_view tag, Comparison comparison) {
  if (trim_ows(list) == "*") return true;
  for (list = skip_separators(list); !list.empty(); list = skip_separators(list)) {
    const bool is_weak = list.starts_with("W/");
    if (is_weak) list.remove_prefix(2);
    const std::size_t end = list.starts_with('"') ? list.find('"', 1) : list.npos;
    if (end == list.npos) return false;
    const bool may_match = !is_weak || comparison == Comparison::weak;
    if (may_match && list.substr(0, end + 1) == tag) return true;
    list.remove_prefix(end + 1);
  }
  return false;
}

// Of a field that is there once.
std::optional<std::time_t> date_of(const RequestHead& request, std::string_view name) {
  const auto value = request.find(name);
  if (!value || request.count(name) > 1) return std::nullopt;
  return parse_date(*value);
}

}  // namespace

Condition judge_conditions(const RequestHead& request, const Validators& current) {
  if (request.find("If-Match")) {
    if (!has_tag(request.joined("If-Match"), current.entity_tag, Comparison::strong)) {
      return Condition::failed;
    }
  } else if (const auto date = date_of(request, "If-Unmodified-Since")) {
    if (current.modified && *current.modified > *date) return Condition::failed;
  }
  if (request.find("If-None-Match")) {
    const bool has_it =
        has_tag(request.joined("If-None-Match"), current.entity_tag, Comparison::weak);
    return has_it ? Condition::not_modified : Condition::holds;
  }
  const auto date = date_of(request, "If-Modified-Since");
  const bool has_it = date && current.modified && *current.modified <= *date;
  return has_it ? Condition::not_modified : Condition::holds;
}

// A date must be the very one that was told.
bool is_range_admitted(const RequestHead& request, const Validators& current) {
  const auto value = request.find("If-Range");
  if (!value) return true;
  if (request.count("If-Range") > 1) return false;
  if (value->starts_with('"')) return *value == current.entity_tag;
  return current.modified && parse_date(*value) == current.modified;
}

}  // namespace simws::protocol::http
