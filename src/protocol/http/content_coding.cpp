#include "protocol/http/content_coding.h"

#include "protocol/http/syntax.h"
#include "protocol/http/weight.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>

namespace simws::protocol::http {

namespace {

struct Wish {
  std::string_view coding;
  int weight = 1000;
};

// "gzip;q=0.5". Nothing: it can't be understood.
std::optional<Wish> parse_wish(std::string_view item) {
  const std::size_t end = item.find(';');
  Wish wish{trim_ows(item.substr(0, end))};
  if (end == item.npos) return wish;
  const std::string_view parameter = trim_ows(item.substr(end + 1));
  if (!equals_ignoring_case(parameter.substr(0, 2), "q=")) return std::nullopt;
  const auto weight = parse_weight(parameter.substr(2));
  if (!weight) return std::nullopt;
  wish.weight = *weight;
  return wish;
}

// What is wished for each; nothing: it isn't said.
struct Weights {
  std::optional<int> identity, gzip, brotli, others;

  std::optional<int>* of(std::string_view coding) {
    if (equals_ignoring_case(coding, "identity")) return &identity;
    if (equals_ignoring_case(coding, "gzip") || equals_ignoring_case(coding, "x-gzip")) {
      return &gzip;
    }
    if (equals_ignoring_case(coding, "br")) return &brotli;
    return coding == "*" ? &others : nullptr;
  }
};

}  // namespace

std::string_view coding_name(ContentCoding coding) {
  constexpr std::array<std::string_view, 3> names{"", "gzip", "br"};
  return names[static_cast<std::size_t>(coding)];
}

std::string_view coding_ending(ContentCoding coding) {
  constexpr std::array<std::string_view, 3> endings{"", ".gz", ".br"};
  return endings[static_cast<std::size_t>(coding)];
}

std::vector<ContentCoding> accepted_codings(const RequestHead& request) {
  Weights weights;
  const std::string wishes = request.joined("Accept-Encoding");
  for_each_list_item(wishes, [&](std::string_view item) {
    const auto wish = parse_wish(item);
    if (std::optional<int>* const weight = wish ? weights.of(wish->coding) : nullptr) {
      *weight = wish->weight;
    }
  });
  struct Choice {
    ContentCoding coding;
    int weight;
  };
  const int others = weights.others.value_or(0);
  std::array choices{Choice{ContentCoding::brotli, weights.brotli.value_or(others)},
                     Choice{ContentCoding::gzip, weights.gzip.value_or(others)},
                     Choice{ContentCoding::identity, weights.identity.value_or(0)}};
  std::ranges::stable_sort(choices, std::ranges::greater{}, &Choice::weight);
  std::vector<ContentCoding> codings;
  for (const Choice& choice : choices) {
    if (choice.weight > 0) codings.push_back(choice.coding);
  }
  if (std::ranges::find(codings, ContentCoding::identity) == codings.end()) {
    codings.push_back(ContentCoding::identity);
  }
  return codings;
}

}  // namespace simws::protocol::http
