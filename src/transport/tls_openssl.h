// Who owns what of OpenSSL's. For tls_*.cpp alone.
#pragma once

#include "base/freed_by.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace simws::transport {

using BioPtr = std::unique_ptr<BIO, FreedBy<BIO_free>>;
using CertificatePtr = std::unique_ptr<X509, FreedBy<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using SessionPtr = std::unique_ptr<SSL_SESSION, FreedBy<SSL_SESSION_free>>;
using SslPtr = std::unique_ptr<SSL, FreedBy<SSL_free>>;
using SslContextPtr = std::shared_ptr<SSL_CTX>;

// What was written to a BIO in memory.
inline std::string text_of(BIO& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(&bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

// OpenSSL's words for what failed last, of which it forgets all: "no shared cipher".
std::string take_tls_error();

}  // namespace simws::transport
