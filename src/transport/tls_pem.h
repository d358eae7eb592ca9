// Certificates and keys in PEM files. For tls_*.cpp alone.
//
// Errors are one sentence that names the file and the cause.
#pragma once

#include "transport/tls_openssl.h"

#include <simws/result.h>

#include <optional>
#include <string>
#include <vector>

namespace simws::transport {

struct Identity {
  CertificatePtr certificate;
  std::vector<CertificatePtr> chain;  // between it and its authority
  KeyPtr key;                         // its own
};

// No `key_file`: the key lies in the certificate's.
Result<Identity> load_identity(const std::string& certificate_file, const std::string& key_file,
                               const std::string& password);
// At least one.
Result<std::vector<CertificatePtr>> load_authorities(const std::string& file);

// Why a certificate isn't valid at this time, if so.
std::optional<std::string> find_expiry(const X509& certificate, const std::string& file);

}  // namespace simws::transport
