#include "transport/tls_issue.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <new>
#include <utility>

namespace simws::transport {

namespace {

using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreedBy<X509_EXTENSION_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, FreedBy<BN_free>>;

void require(bool holds) {
  if (holds) return;
  ERR_clear_error();
  throw std::bad_alloc();
}

// RFC 5280, 4.1.2.2: positive, and 20 bytes at the most.
void set_serial(X509& certificate) {
  std::array<unsigned char, 16> bytes;
  require(RAND_bytes(bytes.data(), bytes.size()) == 1);
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x3F) | 0x40);
  const NumberPtr number(BN_bin2bn(bytes.data(), bytes.size(), nullptr));
  require(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&certificate)));
}

void set_subject(X509& certificate, const std::string& common_name) {
  X509_NAME* const subject = X509_get_subject_name(&certificate);
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.c_str());
  require(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1);
}

void add_extension(X509& certificate, X509& issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  require(extension && X509_add_ext(&certificate, extension.get(), -1) == 1);
}

// As OpenSSL's configuration has it: "DNS:robot,IP:10.0.0.1", each behind `prefix`.
std::string list_names(const CertifiedNames& names, const std::string& prefix) {
  std::string list;
  const auto add = [&](const char* kind, const std::string& name) {
    list.append(list.empty() ? "" : ",").append(prefix).append(kind).append(name);
  };
  for (const std::string& name : names.names) add("DNS:", name);
  for (const std::string& address : names.addresses) add("IP:", address);
  return list;
}

IssuedCertificate begin(const std::string& common_name, std::time_t from, std::time_t until) {
  IssuedCertificate made{CertificatePtr(X509_new()), KeyPtr(EVP_EC_gen("P-256"))};
  require(made.certificate && made.key);
  X509& certificate = *made.certificate;
  require(X509_set_version(&certificate, X509_VERSION_3) == 1);
  set_serial(certificate);
  set_subject(certificate, common_name);
  require(ASN1_TIME_set(X509_getm_notBefore(&certificate), from) != nullptr);
  require(ASN1_TIME_set(X509_getm_notAfter(&certificate), until) != nullptr);
  require(X509_set_pubkey(&certificate, made.key.get()) == 1);
  return made;
}

void sign(X509& certificate, EVP_PKEY& key) {
  require(X509_sign(&certificate, &key, EVP_sha256()) > 0);
}

}  // namespace

IssuedCertificate issue_authority(const std::string& common_name, const CertifiedNames& permitted,
                                  std::time_t from, std::time_t until) {
  IssuedCertificate made = begin(common_name, from, until);
  X509& own = *made.certificate;
  require(X509_set_issuer_name(&own, X509_get_subject_name(&own)) == 1);
  add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(own, own, NID_key_usage, "critical,keyCertSign");
  add_extension(own, own, NID_ext_key_usage, "serverAuth");
  add_extension(own, own, NID_name_constraints, "critical," + list_names(permitted, "permitted;"));
  add_extension(own, own, NID_subject_key_identifier, "hash");
  sign(own, *made.key);
  return made;
}

IssuedCertificate issue_certificate(const IssuedCertificate& authority,
                                    const std::string& common_name, const CertifiedNames& names,
                                    std::time_t from, std::time_t until) {
  IssuedCertificate made = begin(common_name, from, until);
  X509& own = *made.certificate;
  X509& issuer = *authority.certificate;
  require(X509_set_issuer_name(&own, X509_get_subject_name(&issuer)) == 1);
  add_extension(own, issuer, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(own, issuer, NID_key_usage, "critical,digitalSignature");
  add_extension(own, issuer, NID_ext_key_usage, "serverAuth");
  add_extension(own, issuer, NID_subject_alt_name, list_names(names, ""));
  add_extension(own, issuer, NID_subject_key_identifier, "hash");
  add_extension(own, issuer, NID_authority_key_identifier, "keyid:always");
  sign(own, *authority.key);
  return made;
}

std::string certificate_pem(const X509& certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  require(bio && PEM_write_bio_X509(bio.get(), &certificate) == 1);
  return text_of(*bio);
}

std::string key_pem(const EVP_PKEY& key) {
  const BioPtr bio(BIO_new(BIO_s_secmem()));
  require(bio &&
          PEM_write_bio_PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(*bio);
}

}  // namespace simws::transport
