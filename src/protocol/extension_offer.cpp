#include "protocol/extension_offer.h"

#include "protocol/http/syntax.h"

#include <algorithm>

namespace simws::protocol {

namespace {

// Takes tokens and separators off the front of a list, white space between them included.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) { skip_ows(); }

  bool at_end() const { return text_.empty(); }
  bool next_is(char c) const { return text_.starts_with(c); }

  bool take(char separator) {
    if (!next_is(separator)) return false;
    text_.remove_prefix(1);
    skip_ows();
    return true;
  }

  // Empty: what follows is no token.
  std::string_view take_token() {
    const auto end = std::find_if_not(text_.begin(), text_.end(), http::is_tchar);
    const auto token = text_.substr(0, static_cast<std::size_t>(end - text_.begin()));
    text_.remove_prefix(token.size());
    skip_ows();
    return token;
  }

  // REQUIRES: next_is('"').
  std::optional<std::string> take_quoted_string() {
    std::string value;
    for (std::size_t i = 1; i < text_.size(); ++i) {
      if (text_[i] == '"') {
        text_.remove_prefix(i + 1);
        skip_ows();
        return value;
      }
      if (text_[i] == '\\' && ++i == text_.size()) break;
      value += text_[i];
    }
    return std::nullopt;
  }

 private:
  void skip_ows() { text_.remove_prefix(std::min(text_.find_first_not_of(" \t"), text_.size())); }

  std::string_view text_;
};

// A quoted value must be a token once it's unescaped (RFC 6455, 9.1).
std::optional<std::string> read_value(Reader& reader) {
  std::optional<std::string> value;
  if (reader.next_is('"')) {
    value = reader.take_quoted_string();
  } else {
    value = reader.take_token();
  }
  return value && http::is_token(*value) ? value : std::nullopt;
}

std::optional<ExtensionParam> read_param(Reader& reader) {
  ExtensionParam param{std::string(reader.take_token()), std::nullopt};
  if (param.name.empty()) return std::nullopt;
  if (!reader.take('=')) return param;
  param.value = read_value(reader);
  if (!param.value) return std::nullopt;
  return param;
}

std::optional<ExtensionOffer> read_offer(Reader& reader) {
  ExtensionOffer offer{std::string(reader.take_token()), {}};
  if (offer.name.empty()) return std::nullopt;
  while (reader.take(';')) {
    auto param = read_param(reader);
    if (!param) return std::nullopt;
    offer.params.push_back(std::move(*param));
  }
  return offer;
}

}  // namespace

std::optional<std::vector<ExtensionOffer>> parse_extension_offers(std::string_view list) {
  std::vector<ExtensionOffer> offers;
  Reader reader(list);
  while (!reader.at_end()) {
    if (reader.take(',')) continue;
    auto offer = read_offer(reader);
    if (!offer || (!reader.at_end() && !reader.next_is(','))) return std::nullopt;
    offers.push_back(std::move(*offer));
  }
  if (offers.empty() && list.find(',') != list.npos) return std::nullopt;
  return offers;
}

}  // namespace simws::protocol
