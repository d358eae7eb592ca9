// What is known of a connection's TLS.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace simws::transport {

// What a peer has begun with where TLS is expected. plain_request: a request of plain HTTP that has
// its answer and is done with. attempt: TLS, or whatever else.
enum class TlsStart : std::uint8_t { nothing, plain_request, attempt };

struct TlsInfo {
  std::string version;       // "TLSv1.3"
  std::string cipher;        // "TLS_AES_256_GCM_SHA384"
  std::string alpn;          // "http/1.1"; empty: none was agreed on
  std::string peer_subject;  // of the peer's certificate, "CN=robot"; empty: none that was verified
  std::vector<std::string> peer_names;  // DNS names and addresses that it's for
  bool is_resumed = false;              // by a session ticket
};

}  // namespace simws::transport
