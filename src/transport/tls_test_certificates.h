// Certificates that tests make for themselves, in files of their own.
#pragma once

#include "transport/tls_openssl.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace simws::transport {

inline void require(bool holds) {
  if (!holds) throw std::logic_error("libcrypto makes no test certificate");
}

struct TestCertificate {
  CertificatePtr certificate;
  KeyPtr key;

  std::string pem() const {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(bio.get(), certificate.get()) == 1);
    return text_of(*bio);
  }
  std::string key_pem(const std::string& password = "") const {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    const EVP_CIPHER* const cipher = password.empty() ? nullptr : EVP_aes_128_cbc();
    const auto* bytes = reinterpret_cast<const unsigned char*>(password.data());
    require(PEM_write_bio_PrivateKey(bio.get(), key.get(), cipher, bytes,
                                     static_cast<int>(password.size()), nullptr, nullptr) == 1);
    return text_of(*bio);
  }
};

// What a certificate says. Days count from now.
struct TestClaims {
  std::string common_name = "robot";
  std::string names = "DNS:robot,DNS:localhost,IP:127.0.0.1";  // empty: none
  bool is_authority = false;
  long first_day = -1;
  long last_day = 30;
};

// Signed by `authority`; null: by itself.
inline TestCertificate make_certificate(const TestClaims& claims,
                                        const TestCertificate* authority = nullptr) {
  TestCertificate made{CertificatePtr(X509_new()), KeyPtr(EVP_EC_gen("P-256"))};
  X509* const certificate = made.certificate.get();
  require(certificate && made.key);
  const auto add = [&](int kind, const std::string& value) {
    X509V3_CTX context;
    X509* const issuer = authority ? authority->certificate.get() : certificate;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, FreedBy<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
  };
  static long serial = 1;
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), claims.first_day * 86400);
  X509_gmtime_adj(X509_getm_notAfter(certificate), claims.last_day * 86400);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(claims.common_name.c_str()), -1,
                             -1, 0);
  const X509* const issuer = authority ? authority->certificate.get() : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  add(NID_basic_constraints, claims.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  add(NID_subject_key_identifier, "hash");
  if (!claims.names.empty()) add(NID_subject_alt_name, claims.names);
  EVP_PKEY* const signer = authority ? authority->key.get() : made.key.get();
  require(X509_sign(certificate, signer, EVP_sha256()) > 0);
  return made;
}

inline TestCertificate make_authority(const std::string& name = "authority") {
  return make_certificate({.common_name = name, .names = "", .is_authority = true});
}

// A folder of a test's own, which goes with it.
class TestFolder {
 public:
  TestFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "simws_tls_XXXXXX").string();
    require(::mkdtemp(path.data()) != nullptr);
    path_ = path;
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::string path(const std::string& name) const { return path_ + "/" + name; }
  // In the place of what was there, as programs do that renew certificates. Returns its path.
  std::string write(const std::string& name, const std::string& text) const {
    const std::string target = path(name);
    std::ofstream(target + ".new", std::ios::binary) << text;
    std::filesystem::rename(target + ".new", target);
    return target;
  }

 private:
  std::string path_;
};

}  // namespace simws::transport
