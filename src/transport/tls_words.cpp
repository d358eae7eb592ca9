#include "transport/tls_words.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace simws::transport {

namespace {

constexpr std::size_t most_names = 100;
constexpr std::size_t most_shown_names = 8;
constexpr std::size_t longest = 256;

struct AlertWords {
  int description;
  bool is_of_certificate;
  std::string_view words;
};
constexpr int certificate_required = 116;  // RFC 8446; OpenSSL 3.0 has no words for it
constexpr AlertWords alert_words[] = {
    {SSL_AD_UNKNOWN_CA, true, "it doesn't trust the authority of this side's certificate"},
    {SSL_AD_BAD_CERTIFICATE, true, "it refuses this side's certificate"},
    {SSL_AD_CERTIFICATE_UNKNOWN, true, "it refuses this side's certificate"},
    {SSL_AD_CERTIFICATE_EXPIRED, true, "it says that this side's certificate has expired"},
    {SSL_AD_CERTIFICATE_REVOKED, true, "it says that this side's certificate is revoked"},
    {SSL_AD_UNSUPPORTED_CERTIFICATE, true, "it refuses this kind of certificate"},
    {SSL_AD_ACCESS_DENIED, true, "it denies access to this side's certificate"},
    {SSL_AD_PROTOCOL_VERSION, false, "it doesn't speak the TLS versions allowed here"},
    {SSL_AD_UNRECOGNIZED_NAME, false, "it doesn't know the name it was asked for"},
    {SSL_AD_NO_APPLICATION_PROTOCOL, false, "it doesn't speak http/1.1"},
    {certificate_required, true, "it requires a certificate of this side"},
};

// As it's written elsewhere (RFC 5952).
std::string address_of(const ASN1_OCTET_STRING& bytes) {
  const int size = ASN1_STRING_length(&bytes);
  if (size != 4 && size != 16) return {};
  std::array<char, 64> text{};
  const int family = size == 4 ? AF_INET : AF_INET6;
  uv_inet_ntop(family, ASN1_STRING_get0_data(&bytes), text.data(), text.size());
  return text.data();
}

std::string name_of(const GENERAL_NAME& name) {
  if (name.type == GEN_DNS) {
    const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name.d.dNSName));
    return printable({text, static_cast<std::size_t>(ASN1_STRING_length(name.d.dNSName))});
  }
  return name.type == GEN_IPADD ? address_of(*name.d.iPAddress) : std::string();
}

std::string joined(const std::vector<std::string>& names) {
  std::string result;
  for (std::size_t i = 0; i < names.size() && i < most_shown_names; ++i) {
    result.append(i == 0 ? "" : ", ").append(names[i]);
  }
  return names.size() > most_shown_names ? result + ", ..." : result;
}

std::string words_of_name(const X509* certificate, const std::string& expected_name) {
  const std::string names = certificate ? joined(names_of(*certificate)) : "";
  return "the certificate is for " + (names.empty() ? std::string("no name") : names) +
         ", not for " + expected_name;
}

std::string whose(const X509* certificate) {
  const std::string subject = certificate ? subject_of(*certificate) : "";
  return subject.empty() ? "the certificate" : "the certificate of " + subject;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result(text.substr(0, longest));
  for (char& c : result) {
    if (c < 0x20 || c > 0x7e) c = '?';
  }
  return result;
}

std::string take_tls_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE) return "out of memory";
  const char* const reason = ERR_reason_error_string(code);
  return reason ? reason : "unknown error";
}

std::string subject_of(const X509& certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio) return {};
  X509_NAME_print_ex(bio.get(), X509_get_subject_name(&certificate), 0, XN_FLAG_RFC2253);
  return printable(text_of(*bio));
}

std::vector<std::string> names_of(const X509& certificate) {
  using Names = std::unique_ptr<GENERAL_NAMES, FreedBy<GENERAL_NAMES_free>>;
  const Names all(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> names;
  const int count = all ? sk_GENERAL_NAME_num(all.get()) : 0;
  for (int i = 0; i < count && names.size() < most_names; ++i) {
    std::string name = name_of(*sk_GENERAL_NAME_value(all.get(), i));
    if (!name.empty()) names.push_back(std::move(name));
  }
  return names;
}

std::string date_of(const ASN1_TIME& time) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio || ASN1_TIME_print(bio.get(), &time) != 1) return "an unknown date";
  return printable(text_of(*bio));
}

// Of a chain's certificates, it's the peer's own that comes from somewhere unknown.
std::string words_of_verification(X509_STORE_CTX& failed, const std::string& expected_name) {
  const int error = X509_STORE_CTX_get_error(&failed);
  const X509* const own = X509_STORE_CTX_get0_cert(&failed);
  const X509* const certificate = X509_STORE_CTX_get_current_cert(&failed);
  switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return words_of_name(own, expected_name);
    case X509_V_ERR_CERT_HAS_EXPIRED:
      if (!certificate) break;
      return whose(certificate) + " expired on " + date_of(*X509_get0_notAfter(certificate));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      if (!certificate) break;
      return whose(certificate) + " is valid from " + date_of(*X509_get0_notBefore(certificate)) +
             " only";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return whose(own) + " is signed by itself, and isn't trusted";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return whose(own) + " comes from an authority that isn't trusted";
    default:
      break;
  }
  return whose(certificate) + " can't be trusted: " + X509_verify_cert_error_string(error);
}

std::string words_of_alert(int description) {
  const auto found = std::ranges::find(alert_words, description, &AlertWords::description);
  const std::string words = found != std::end(alert_words)
                                ? std::string(found->words)
                                : SSL_alert_desc_string_long(description);
  return "the peer ended TLS: " + words;
}

bool is_of_certificate(int description) {
  const auto found = std::ranges::find(alert_words, description, &AlertWords::description);
  return found != std::end(alert_words) && found->is_of_certificate;
}

}  // namespace simws::transport
