// Tokens that a server asks for: who has one is admitted, whatever else is known of them.
//
// A browser shows it once, in the address of the page that it visits; the answer sets a cookie and
// leads to the same address without the token. The cookie's value is drawn when the server starts,
// the same for all who have shown a token: nothing is kept for each visitor, and it's of no use
// once the server has ended.
#pragma once

#include "base/random.h"
#include "protocol/entry_rules.h"
#include "protocol/opening_handshake.h"

#include <simws/http.h>
#include <simws/result.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol {

class TokenRule {
 public:
  // `port`: where the server listens; its cookie is named after it.
  TokenRule(std::vector<std::string> tokens, int port, RandomSource& random);

  // Nothing: it may enter. A token in the address, the field Authorization and the cookie are each
  // enough. A page that only has the cookie must come from exactly the host and port that it asks,
  // or be listed in `origins`: cookies know no port.
  std::optional<Refused> refuse(const EntryRequest& request,
                                const std::vector<std::string>& origins) const;

  // A page's visit with a token in its address: what sets the cookie and leads there without it.
  std::optional<HttpResponse> welcome(const EntryRequest& request) const;

 private:
  bool is_token(std::string_view given) const;
  bool has_token_in_address(const RequestHead& request) const;
  bool has_token_in_field(const RequestHead& request) const;
  bool has_cookie(const RequestHead& request) const;

  const std::vector<std::string> tokens_;
  const std::string cookie_name_;
  const std::string session_;
};

// Whether it can be shown in each way: visible ASCII characters. Errors don't show tokens.
Result<void> check_tokens(std::span<const std::string> tokens);

// The same without what may be, or may have been meant to be, a token or the cookie of a server's:
// "***" stands there. As it is when it has none.
RequestHead without_tokens(const RequestHead& request);

// A resource for others than the application, or any text with a query: the values of parameters
// whose names sound like secrets ("token", "apiKey") are "***" in it.
std::string without_secret_values(std::string_view address);

}  // namespace simws::protocol
