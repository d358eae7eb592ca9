#include "transport/tls_pem.h"

#include "transport/tls_words.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace simws::transport {

namespace {

// A bundle of all authorities of the world has a quarter of it.
constexpr std::size_t largest_file = 1024 * 1024;

Error problem(const std::string& file, const std::string& words) {
  return {ErrorCode::invalid_argument, "'" + file + "': " + words};
}

Error system_problem(const std::string& file, int error) {
  const bool is_denied = error == EACCES || error == EPERM;
  return {is_denied ? ErrorCode::permission_denied : ErrorCode::io,
          "'" + file + "': " + std::generic_category().message(error)};
}

Result<std::string> read_file(const std::string& file) {
  if (file.find('\0') != file.npos) {
    return problem(printable(file), "a file's name has no zero byte");
  }
  std::error_code ignored;
  const auto status = std::filesystem::status(file, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    return problem(file, "not a file");
  }
  const std::unique_ptr<std::FILE, FreedBy<std::fclose>> opened(std::fopen(file.c_str(), "rb"));
  if (!opened) return system_problem(file, errno);
  std::string text;
  std::array<char, 16 * 1024> part;
  std::size_t size;
  while ((size = std::fread(part.data(), 1, part.size(), opened.get())) > 0) {
    text.append(part.data(), size);
    if (text.size() > largest_file) return problem(file, "larger than 1 MiB");
  }
  if (std::ferror(opened.get()) != 0) return system_problem(file, errno);
  return text;
}

BioPtr bio_of(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Whether there was just no block of the kind asked for, after the last one.
bool was_none() {
  const unsigned long code = ERR_peek_last_error();
  return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

Result<std::vector<CertificatePtr>> certificates_of(const std::string& file,
                                                    const std::string& text) {
  const BioPtr bio = bio_of(text);
  std::vector<CertificatePtr> certificates;
  ERR_clear_error();
  while (bio) {
    CertificatePtr next(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!next) break;
    certificates.push_back(std::move(next));
  }
  const bool is_damaged = !was_none();
  const std::string words = take_tls_error();
  if (is_damaged) return problem(file, "a certificate in it is damaged (" + words + ")");
  if (certificates.empty()) return problem(file, "no certificate in PEM form (BEGIN CERTIFICATE)");
  return certificates;
}

// What the key's reader asked for.
struct Password {
  const std::string& text;
  bool was_asked = false;
};

// OpenSSL's own would ask at the terminal.
int give_password(char* target, int size, int, void* data) {
  Password& password = *static_cast<Password*>(data);
  password.was_asked = true;
  if (password.text.empty() || password.text.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(target, password.text.data(), password.text.size());
  return static_cast<int>(password.text.size());
}

Result<KeyPtr> key_of(const std::string& file, const std::string& text,
                      const std::string& password_text) {
  const BioPtr bio = bio_of(text);
  Password password{password_text};
  ERR_clear_error();
  KeyPtr key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, give_password, &password) : nullptr);
  const bool is_missing = !key && text.find("PRIVATE KEY-----") == std::string::npos;
  const std::string words = take_tls_error();
  if (key) return key;
  if (is_missing) return problem(file, "no private key in PEM form (BEGIN PRIVATE KEY)");
  if (!password.was_asked) return problem(file, "the private key is damaged (" + words + ")");
  return problem(file, password_text.empty() ? "the private key is encrypted: a password is needed"
                                             : "the password doesn't open the private key");
}

Result<Identity> identity_of(std::vector<CertificatePtr> certificates, KeyPtr key,
                             const std::string& certificate_file, const std::string& key_file) {
  Identity identity;
  identity.certificate = std::move(certificates.front());
  certificates.erase(certificates.begin());
  identity.chain = std::move(certificates);
  identity.key = std::move(key);
  const bool fits = X509_check_private_key(identity.certificate.get(), identity.key.get()) == 1;
  ERR_clear_error();
  if (fits) return identity;
  return problem(key_file,
                 "the private key doesn't belong to the certificate in '" + certificate_file + "'");
}

}  // namespace

Result<Identity> load_identity(const std::string& certificate_file, const std::string& key_file,
                               const std::string& password) {
  const std::string& key_source = key_file.empty() ? certificate_file : key_file;
  auto text = read_file(certificate_file);
  if (!text) return std::move(text).error();
  auto certificates = certificates_of(certificate_file, *text);
  if (!certificates) return std::move(certificates).error();
  auto key_text = read_file(key_source);
  if (!key_text) return std::move(key_text).error();
  auto key = key_of(key_source, *key_text, password);
  OPENSSL_cleanse(key_text->data(), key_text->size());
  if (!key) return std::move(key).error();
  return identity_of(std::move(*certificates), std::move(*key), certificate_file, key_source);
}

Result<std::vector<CertificatePtr>> load_authorities(const std::string& file) {
  const auto text = read_file(file);
  if (!text) return text.error();
  return certificates_of(file, *text);
}

std::optional<std::string> find_expiry(const X509& certificate, const std::string& file) {
  const ASN1_TIME& start = *X509_get0_notBefore(&certificate);
  const ASN1_TIME& end = *X509_get0_notAfter(&certificate);
  const std::string what = "'" + file + "': the certificate ";
  if (X509_cmp_current_time(&end) < 0) return what + "expired on " + date_of(end);
  if (X509_cmp_current_time(&start) > 0) return what + "is valid from " + date_of(start) + " only";
  return std::nullopt;
}

}  // namespace simws::transport
