// Two bytes of wishes, then a Sec-WebSocket-Extensions: what a server makes of it as an offer, a
// client as an answer.
#include "check.h"

#include "protocol/deflate_parameters.h"
#include "protocol/extension_offer.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

using namespace simws;
using namespace simws::protocol;

namespace {

constexpr int smallest_window = 9;  // of our own
DeflateWishes wishes_of(std::uint8_t first, std::uint8_t second) {
  constexpr int windows = max_window_bits - smallest_window + 1;
  return {(first & 1) != 0, (first & 2) != 0, smallest_window + (first >> 2) % windows,
          smallest_window + second % windows};
}

void check_accepted(const AcceptedDeflate& accepted, const DeflateWishes& wishes) {
  const DeflateParameters& agreed = accepted.parameters;
  fuzz::check(agreed.server_window_bits >= smallest_window &&
              agreed.server_window_bits <= wishes.server_window_bits);
  fuzz::check(wishes.server_context_takeover || !agreed.server_context_takeover);
  fuzz::check(wishes.client_context_takeover || !agreed.client_context_takeover);
  // A client that offers everything understands it so.
  const auto answer = parse_extension_offers(accepted.response);
  fuzz::check(answer && answer->size() == 1);
  const auto judged =
      judge_deflate(answer->front(), {true, true, max_window_bits, max_window_bits});
  const auto* understood = std::get_if<DeflateParameters>(&judged);
  fuzz::check(understood && *understood == agreed);
}

void check_answer(const ExtensionOffer& answer, const DeflateWishes& wishes) {
  const auto judged = judge_deflate(answer, wishes);
  if (const auto* why = std::get_if<std::string>(&judged)) return fuzz::check(!why->empty());
  const auto& agreed = std::get<DeflateParameters>(judged);
  fuzz::check(agreed.server_window_bits <= wishes.server_window_bits);
  fuzz::check(agreed.client_window_bits <= wishes.client_window_bits);
  fuzz::check(wishes.server_context_takeover || !agreed.server_context_takeover);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const DeflateWishes wishes = wishes_of(data[0], data[1]);
  const std::string_view list(reinterpret_cast<const char*>(data + 2), size - 2);
  const auto offers = parse_extension_offers(list);
  if (!offers) return 0;
  if (const auto accepted = accept_deflate(*offers, wishes)) check_accepted(*accepted, wishes);
  for (const ExtensionOffer& offer : *offers) check_answer(offer, wishes);
  return 0;
}
