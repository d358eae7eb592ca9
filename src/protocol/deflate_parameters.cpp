#include "protocol/deflate_parameters.h"

#include "protocol/http/syntax.h"

#include <algorithm>
#include <utility>

namespace simws::protocol {

namespace {

// The parameters as they came, before anybody judges what they ask for.
struct Stated {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  std::optional<int> server_max_window_bits;
  bool has_client_max_window_bits = false;
  std::optional<int> client_max_window_bits;  // an offer may leave the value out
};

// 8 to 15, without leading zeros (7.1.2.1).
std::optional<int> read_window_bits(std::string_view value) {
  const bool has_two_digits = value.size() == 2 && value[0] == '1';
  if (value.size() != 1 && !has_two_digits) return std::nullopt;
  if (!std::ranges::all_of(value, http::is_digit)) return std::nullopt;
  const int bits = (has_two_digits ? 10 : 0) + (value.back() - '0');
  if (bits < min_window_bits || bits > max_window_bits) return std::nullopt;
  return bits;
}

// False: it isn't one of the RFC's, has a value where it may not, or lacks one.
bool read_parameter(const ExtensionParam& param, Stated& stated) {
  const auto& [name, value] = param;
  if (name == "server_no_context_takeover") {
    stated.server_no_context_takeover = true;
    return !value;
  }
  if (name == "client_no_context_takeover") {
    stated.client_no_context_takeover = true;
    return !value;
  }
  if (name == "server_max_window_bits") {
    stated.server_max_window_bits = read_window_bits(value.value_or(""));
    return stated.server_max_window_bits.has_value();
  }
  if (name != "client_max_window_bits") return false;
  stated.has_client_max_window_bits = true;
  if (!value) return true;
  stated.client_max_window_bits = read_window_bits(*value);
  return stated.client_max_window_bits.has_value();
}

// Nothing: some parameter is wrong, or came twice.
std::optional<Stated> read_parameters(const ExtensionOffer& item) {
  Stated stated;
  for (auto param = item.params.begin(); param != item.params.end(); ++param) {
    const auto is_same = [&](const ExtensionParam& other) { return other.name == param->name; };
    if (std::any_of(item.params.begin(), param, is_same)) return std::nullopt;
    if (!read_parameter(*param, stated)) return std::nullopt;
  }
  return stated;
}

void append_window_bits(std::string& item, std::string_view name, int bits) {
  item.append("; ").append(name).append("=").append(std::to_string(bits));
}

// What isn't the default has to be said, and the server's window where it was asked for (7.1.2.1);
// a window of the client only where it may be.
std::string describe(const DeflateParameters& parameters, bool asked_for_window) {
  std::string item(deflate_name);
  if (!parameters.server_context_takeover) item += "; server_no_context_takeover";
  if (!parameters.client_context_takeover) item += "; client_no_context_takeover";
  if (asked_for_window || parameters.server_window_bits < max_window_bits) {
    append_window_bits(item, "server_max_window_bits", parameters.server_window_bits);
  }
  if (parameters.client_window_bits < max_window_bits) {
    append_window_bits(item, "client_max_window_bits", parameters.client_window_bits);
  }
  return item;
}

}  // namespace

std::optional<AcceptedDeflate> accept_deflate(const std::vector<ExtensionOffer>& offers,
                                              const DeflateWishes& wishes) {
  for (const ExtensionOffer& offer : offers) {
    if (offer.name != deflate_name) continue;
    const auto stated = read_parameters(offer);
    if (!stated) continue;
    DeflateParameters agreed;
    agreed.server_context_takeover =
        wishes.server_context_takeover && !stated->server_no_context_takeover;
    agreed.client_context_takeover =
        wishes.client_context_takeover && !stated->client_no_context_takeover;
    agreed.server_window_bits = std::min(wishes.server_window_bits,
                                         stated->server_max_window_bits.value_or(max_window_bits));
    if (agreed.server_window_bits == min_window_bits) continue;
    if (stated->has_client_max_window_bits) {
      agreed.client_window_bits = std::min(
          wishes.client_window_bits, stated->client_max_window_bits.value_or(max_window_bits));
    }
    return AcceptedDeflate{agreed, describe(agreed, stated->server_max_window_bits.has_value())};
  }
  return std::nullopt;
}

std::string offer_deflate(const DeflateWishes& wishes) {
  std::string offer(deflate_name);
  if (!wishes.server_context_takeover) offer += "; server_no_context_takeover";
  if (!wishes.client_context_takeover) offer += "; client_no_context_takeover";
  if (wishes.server_window_bits < max_window_bits) {
    append_window_bits(offer, "server_max_window_bits", wishes.server_window_bits);
  }
  offer += "; client_max_window_bits";
  if (wishes.client_window_bits < max_window_bits) {
    offer.append("=").append(std::to_string(wishes.client_window_bits));
  }
  return offer;
}

std::variant<DeflateParameters, std::string> judge_deflate(const ExtensionOffer& answer,
                                                           const DeflateWishes& wishes) {
  const auto stated = read_parameters(answer);
  if (!stated) return "a parameter is unknown, comes twice or has a wrong value";
  if (stated->has_client_max_window_bits && !stated->client_max_window_bits) {
    return "client_max_window_bits has no value";
  }
  DeflateParameters agreed;
  agreed.server_context_takeover = !stated->server_no_context_takeover;
  agreed.client_context_takeover =
      wishes.client_context_takeover && !stated->client_no_context_takeover;
  agreed.server_window_bits = stated->server_max_window_bits.value_or(max_window_bits);
  agreed.client_window_bits =
      std::min(wishes.client_window_bits, stated->client_max_window_bits.value_or(max_window_bits));
  if (agreed.server_context_takeover && !wishes.server_context_takeover) {
    return "server_no_context_takeover was asked for and isn't granted";
  }
  if (agreed.server_window_bits > wishes.server_window_bits) {
    return "server_max_window_bits is more than was asked for";
  }
  if (stated->client_max_window_bits.value_or(min_window_bits) > wishes.client_window_bits) {
    return "client_max_window_bits is more than was offered";
  }
  return agreed;
}

}  // namespace simws::protocol
