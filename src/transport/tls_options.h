// What a TLS server or client is made from: PEM files, by their names.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace simws::transport {

enum class TlsVersion { tls_1_2, tls_1_3 };

struct TlsServerOptions {
  std::string certificate = {};  // with its chain
  std::string private_key = {};  // empty: lies in the certificate's file
  std::string password = {};     // of the private key; empty: none
  std::string client_ca = {};    // whose certificates clients must have; empty: they need none
  TlsVersion min_version = TlsVersion::tls_1_2;
};

struct TlsClientOptions {
  std::string ca = {};           // whom to trust; empty: the system's authorities
  bool verify = true;            // the server's certificate and its name
  std::string server_name = {};  // to be named and checked in the place of the host
  std::string certificate = {};  // empty: none
  std::string private_key = {};  // empty: lies in the certificate's file
  std::string password = {};     // of the private key; empty: none
  TlsVersion min_version = TlsVersion::tls_1_2;
};

// reloaded: replaced files serve new connections. warning: a certificate isn't valid at this time.
// broken: replaced files can't be used, so the ones before stay.
enum class TlsNews { reloaded, warning, broken };
using TlsNewsHandler = std::function<void(TlsNews, const std::string& text)>;

// The answer to a peer that speaks plain HTTP where TLS is expected.
struct PlainHttpReply {
  std::string bytes;        // empty: the connection just ends
  bool is_attempt = false;  // what was asked counts as an attempt that failed
};
// Given what the peer sent: its request's head, or the beginning of it.
using PlainHttpAnswer = std::function<PlainHttpReply(std::string_view head)>;

}  // namespace simws::transport
