// A way through an HTTP proxy by CONNECT (RFC 9110, 9.3.6).
#pragma once

#include "base/bytes.h"
#include "protocol/attempt.h"
#include "protocol/http/response_parser.h"
#include "protocol/uri.h"

#include <simws/result.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace simws::protocol {

struct Proxy {
  std::string host;
  std::uint16_t port = 0;
  std::string credentials;  // as Uri has them

  bool operator==(const Proxy&) const = default;
};

// "http://[user:password@]host[:port]", as the option has it; "http://" may be left out, as it is
// in the environment. Errors show no secrets.
Result<Proxy> parse_proxy(std::string_view text);

// What the environment says, in small letters; a variable that isn't set is empty.
struct ProxyVariables {
  std::string https_proxy;
  std::string http_proxy;
  std::string no_proxy;

  bool operator==(const ProxyVariables&) const = default;
};

// The proxy for a URI by the environment: of https_proxy for wss, of http_proxy for ws; none for
// loopback and what no_proxy names. Error: the variable can't be used.
Result<std::optional<Proxy>> choose_proxy(const Uri& uri, const ProxyVariables& variables);

// A list by commas names the host: "*", a name with all names below it (a dot may stand before it)
// or an address; with a port it's for that one only.
bool is_excepted(const Uri& uri, std::string_view no_proxy);

// The whole head of the request for a tunnel to the URI's host and port.
std::string encode_connect_request(const Uri& uri, const Proxy& proxy, std::string_view user_agent);

struct TunnelOpened {};

// monostate: more is needed.
using TunnelOutcome = std::variant<std::monostate, TunnelOpened, AttemptFailure>;

// Reads the proxy's answer. Once an outcome is there, the reader takes no more.
class TunnelReader {
 public:
  explicit TunnelReader(std::size_t max_header_size = 16u << 10) : answer_(max_header_size) {}

  // Takes the answer off `input`; with `TunnelOpened` what is left there came through the tunnel.
  TunnelOutcome receive(Bytes& input);

  // As HandshakeReader has it.
  std::optional<AttemptFailure> failure_so_far() const;

 private:
  http::ResponseParser answer_;
};

}  // namespace simws::protocol
