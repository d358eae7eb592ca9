// The client's side of the opening handshake (RFC 6455, 4.1).
#pragma once

#include "base/bytes.h"
#include "base/random.h"
#include "protocol/attempt.h"
#include "protocol/deflate_parameters.h"
#include "protocol/http/response_parser.h"
#include "protocol/uri.h"

#include <simws/http.h>
#include <simws/result.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace simws::protocol {

// What a client asks for, but for where.
struct ClientRequest {
  HeaderList headers = {};                     // besides those of the handshake
  std::vector<std::string> subprotocols = {};  // in order of preference
  std::string origin = {};                     // empty: none is sent
  std::string user_agent = "simWS";            // empty: none is sent
  std::optional<DeflateWishes> deflate = {};   // none: compression isn't offered

  // Without Authorization and Cookie, for another origin than they are meant for.
  ClientRequest without_credentials() const;
};

// Whether it can be sent to `uri`. Errors name the option and don't show what may be secret.
Result<void> check_client_request(const ClientRequest& request, const Uri& uri);

// A fresh Sec-WebSocket-Key: 16 bytes in base64.
std::string make_handshake_key(RandomSource& random);

// The whole head of the request. REQUIRES: check_client_request gave no error.
std::string encode_client_request(const ClientRequest& request, const Uri& uri,
                                  std::string_view key);

struct Opened {
  std::string subprotocol;                   // empty: none
  std::optional<DeflateParameters> deflate;  // none: messages aren't compressed
  RequestHead fields;                        // of the answer
};

struct Redirected {
  Uri uri;
  bool to_same_origin = false;  // otherwise go on with request.without_credentials()
};

// monostate: more is needed.
using HandshakeOutcome = std::variant<std::monostate, Opened, Redirected, AttemptFailure>;

// What the answer to a request is judged by.
struct ClientExpectation {
  Uri uri;
  std::string key;
  std::vector<std::string> subprotocols;
  std::size_t redirects_left = 5;
  std::size_t max_header_size = 16u << 10;
  std::optional<DeflateWishes> deflate = {};  // offered
};

// Reads the answer to one request. Once an outcome is there, the reader takes no more.
class HandshakeReader {
 public:
  explicit HandshakeReader(ClientExpectation expectation);

  // Takes the answer off `input`; with `Opened` what is left there are the server's first frames.
  HandshakeOutcome receive(Bytes& input);

  // Nothing more comes, because the peer has closed or time is up: the failure for what has come.
  // Nothing, when that doesn't say why: then it's the caller's own reason that counts.
  std::optional<AttemptFailure> failure_so_far() const;

 private:
  HandshakeOutcome judge_head();
  HandshakeOutcome judge_opened();
  HandshakeOutcome redirect();

  ClientExpectation expectation_;
  http::ResponseParser answer_;
};

}  // namespace simws::protocol
