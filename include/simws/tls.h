// What TLS is made from, and what is known of a connection's.
#pragma once

#include <string>
#include <vector>

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
  // Instead of files: a certificate for this machine by an authority of its user's, see
  // local_certificates.h. They are made if need be, and renewed.
  bool local = false;

  bool operator==(const ServerTls&) const = default;
};

// PEM files too. Each attempt of a client reads those that were replaced.
struct ClientTls {
  std::string ca = {};           // whom to trust; empty: the system's authorities
  bool verify = true;            // the server's certificate and its name
  std::string server_name = {};  // to be named and checked in the place of the URI's host
  std::string certificate = {};  // with its chain, for servers that ask for one; empty: none
  std::string private_key = {};  // empty: it lies in the certificate's file
  std::string password = {};     // of the private key; empty: none

  bool operator==(const ClientTls&) const = default;
};

struct ConnectionTls {
  std::string version;       // "TLSv1.3"
  std::string cipher;        // "TLS_AES_256_GCM_SHA384"
  std::string peer_subject;  // of the peer's verified certificate, "CN=robot"; empty: none
  std::vector<std::string> peer_names;  // DNS names and addresses that it's for
};

}  // namespace simws
