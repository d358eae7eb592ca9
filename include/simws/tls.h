// What a server's TLS is made from, and what is known of a connection's.
#pragma once

#include <string>

namespace simws {

enum class TlsVersion { tls_1_2, tls_1_3 };

// PEM files, by their names. Replaced on disk they serve new connections; where a replacement can't
// be used, the log says so and the one before stays.
struct ServerTls {
  std::string certificate = {};  // with its chain
  std::string private_key = {};  // empty: it lies in the certificate's file
  std::string password = {};     // of the private key; empty: none
  std::string client_ca = {};    // whose certificates clients must have; empty: they need none
  TlsVersion min_version = TlsVersion::tls_1_2;
};

struct ConnectionTls {
  std::string version;       // "TLSv1.3"
  std::string cipher;        // "TLS_AES_256_GCM_SHA384"
  std::string peer_subject;  // of the peer's verified certificate, "CN=robot"; empty: none
};

}  // namespace simws
