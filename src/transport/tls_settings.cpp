#include "transport/tls_settings.h"

#include "transport/tls_engine.h"
#include "transport/tls_pem.h"
#include "transport/tls_system.h"
#include "transport/tls_words.h"

#include <openssl/err.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <new>
#include <string_view>
#include <utility>

namespace simws::transport {

namespace {

// With forward secrecy and authenticated encryption only. OpenSSL's own choice in TLS 1.3.
constexpr const char* ciphers_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::array<unsigned char, 9> http_1_1 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
// OpenSSL takes memory for what a peer announces: chains are a few KiB long.
constexpr long largest_chain = 32 * 1024;
constexpr int deepest_chain = 8;
constexpr long ticket_lifetime = 60 * 60;  // seconds

int version_number(TlsVersion version) {
  return version == TlsVersion::tls_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;
}

Error tls_problem(const std::string& file) {
  return {ErrorCode::invalid_argument, "'" + file + "': " + take_tls_error()};
}

// What a shared library of the system's reads is what its administrator wants. One's own in a
// module isn't of the version that the file is for, nor meant by what the process's environment
// says.
void start_tls() {
#ifdef SIMWS_OWN_OPENSSL
  if (OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr) != 1) throw std::bad_alloc();
#endif
}

SslContextPtr make_context(const SSL_METHOD* method, TlsVersion min_version) {
  start_tls();
  SslContextPtr context(SSL_CTX_new(method), FreedBy<SSL_CTX_free>());
  if (!context) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context.get(), version_number(min_version));
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                         SSL_OP_CIPHER_SERVER_PREFERENCE |
                                         SSL_OP_PRIORITIZE_CHACHA);
  // Idle connections hold no buffers. The chain is the file's: to look for one in each handshake
  // takes time.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_cipher_list(context.get(), ciphers_1_2);
  SSL_CTX_set_max_cert_list(context.get(), largest_chain);
  SSL_CTX_set_verify_depth(context.get(), deepest_chain);
  SSL_CTX_set_timeout(context.get(), ticket_lifetime);
  return context;
}

Result<std::optional<std::string>> use_identity(SSL_CTX& context, const std::string& file,
                                                const std::string& key_file,
                                                const std::string& password) {
  auto loaded = load_identity(file, key_file, password);
  if (!loaded) return std::move(loaded).error();
  if (SSL_CTX_use_certificate(&context, loaded->certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(&context, loaded->key.get()) != 1) {
    return tls_problem(file);
  }
  for (const CertificatePtr& link : loaded->chain) {
    if (SSL_CTX_add1_chain_cert(&context, link.get()) != 1) return tls_problem(file);
  }
  return find_expiry(*loaded->certificate, file);
}

Result<void> trust(SSL_CTX& context, const std::string& file) {
  const auto authorities = load_authorities(file);
  if (!authorities) return authorities.error();
  X509_STORE* const store = SSL_CTX_get_cert_store(&context);
  for (const CertificatePtr& authority : *authorities) {
    if (X509_STORE_add_cert(store, authority.get()) != 1) return tls_problem(file);
  }
  return {};
}

Result<void> require_certificates(SSL_CTX& context, const std::string& file) {
  if (auto trusted = trust(context, file); !trusted) return trusted;
  const auto authorities = load_authorities(file);
  if (!authorities) return authorities.error();
  for (const CertificatePtr& authority : *authorities) {
    SSL_CTX_add_client_CA(&context, authority.get());
  }
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return {};
}

// A ticket's session is of the context that gave it, and of no other.
void bind_tickets(SSL_CTX& context) {
  std::array<unsigned char, 16> own;
  if (RAND_bytes(own.data(), own.size()) != 1) throw std::bad_alloc();
  SSL_CTX_set_session_id_context(&context, own.data(), own.size());
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(&context, 1);
}

// RFC 7301, 3.2: who offers protocols, and not this one, is refused.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  unsigned char* found = nullptr;
  const int result = SSL_select_next_proto(&found, chosen_size, http_1_1.data(), http_1_1.size(),
                                           offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// What can be compared with a certificate's names, and told to a server (RFC 6066, 3).
bool is_server_name(std::string_view name) {
  constexpr std::size_t longest_host = 253;
  constexpr std::string_view others = "-._:";  // ':' in addresses
  if (name.ends_with('.')) name.remove_suffix(1);
  return !name.empty() && name.size() <= longest_host && std::ranges::all_of(name, [&](char c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter || (c >= '0' && c <= '9') || others.find(c) != others.npos;
  });
}

Error invalid(const std::string& words) {
  return {ErrorCode::invalid_argument, words};
}

void complete(SSL_CTX& context) {
  if (!TlsEngine::prepare(context)) throw std::bad_alloc();
}

}  // namespace

Result<LoadedContext> load_server_context(const TlsServerOptions& options) {
  LoadedContext loaded{make_context(TLS_server_method(), options.min_version), std::nullopt};
  SSL_CTX& context = *loaded.context;
  auto used = use_identity(context, options.certificate, options.private_key, options.password);
  if (!used) return std::move(used).error();
  loaded.warning = std::move(*used);
  if (!options.client_ca.empty()) {
    auto required = require_certificates(context, options.client_ca);
    if (!required) return std::move(required).error();
  }
  bind_tickets(context);
  SSL_CTX_set_alpn_select_cb(&context, choose_protocol, nullptr);
  complete(context);
  return loaded;
}

Result<void> check_client_options(const TlsClientOptions& options) {
  if (options.certificate.empty() && !options.private_key.empty()) {
    return invalid("'" + printable(options.private_key) +
                   "': a private key is of no use without its certificate: name that file too");
  }
  if (options.certificate.empty() && !options.password.empty()) {
    return invalid("a password is of no use without a certificate: name its file too");
  }
  if (options.server_name.empty() || is_server_name(options.server_name)) return {};
  return invalid("'" + printable(options.server_name) +
                 "' can't be a server's name: that's a host's, in ASCII, of at most 253 "
                 "characters, or an IP address");
}

Result<LoadedContext> load_client_context(const TlsClientOptions& options) {
  LoadedContext loaded{make_context(TLS_client_method(), options.min_version), std::nullopt};
  SSL_CTX& context = *loaded.context;
  if (!options.certificate.empty()) {
    auto used = use_identity(context, options.certificate, options.private_key, options.password);
    if (!used) return std::move(used).error();
    loaded.warning = std::move(*used);
  }
  if (options.ca.empty()) {
    trust_system(context);
  } else if (auto trusted = trust(context, options.ca); !trusted) {
    return std::move(trusted).error();
  }
  SSL_CTX_set_verify(&context, options.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_set_alpn_protos(&context, http_1_1.data(), http_1_1.size());
  complete(context);
  return loaded;
}

}  // namespace simws::transport
