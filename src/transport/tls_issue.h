// Makes certificates: an authority's, and those that it vouches for. For tls_*.cpp alone.
//
// Throws std::bad_alloc where OpenSSL can't.
#pragma once

#include "transport/tls_openssl.h"

#include <ctime>
#include <string>
#include <vector>

namespace simws::transport {

struct IssuedCertificate {
  CertificatePtr certificate;
  KeyPtr key;
};

// For whom a certificate is, or for whom an authority may vouch.
struct CertifiedNames {
  std::vector<std::string> names;      // DNS; an authority's covers what is below it too
  std::vector<std::string> addresses;  // an authority's with their mask: "10.0.0.0/255.0.0.0"

  bool operator==(const CertifiedNames&) const = default;
};

// An authority that may vouch for servers of these names only (RFC 5280, 4.2.1.10), and for no
// other authority.
IssuedCertificate issue_authority(const std::string& common_name, const CertifiedNames& permitted,
                                  std::time_t from, std::time_t until);
// A server's certificate.
IssuedCertificate issue_certificate(const IssuedCertificate& authority,
                                    const std::string& common_name, const CertifiedNames& names,
                                    std::time_t from, std::time_t until);

// In PEM form.
std::string certificate_pem(const X509& certificate);
std::string key_pem(const EVP_PKEY& key);

}  // namespace simws::transport
