#include "transport/tls_system.h"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace simws::transport {

namespace {

namespace fs = std::filesystem;

constexpr std::array folders = {"/etc/ssl/certs", "/etc/pki/tls/certs"};
constexpr std::array files = {
    "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",    // Fedora
    "/etc/ssl/ca-bundle.pem",              // openSUSE
    "/etc/ssl/cert.pem",                   // Alpine, macOS
};

bool says_environment() {
  return std::getenv(X509_get_default_cert_file_env()) ||
         std::getenv(X509_get_default_cert_dir_env());
}

// "5ad8a5d6.0"
bool is_hash(const std::string& name) {
  return name.size() == 10 && name.ends_with(".0") &&
         std::all_of(name.begin(), name.begin() + 8,
                     [](unsigned char c) { return std::isxdigit(c) != 0; });
}

bool has_hashes(const char* folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_hash(entry->path().filename().string())) return true;
  }
  return false;
}

// A certificate is read when it's asked for, in a folder that has them by their hashes.
bool trust_folder(SSL_CTX& context, const char* folder) {
  return has_hashes(folder) && SSL_CTX_load_verify_dir(&context, folder) == 1;
}

// All are read at once, which takes tens of milliseconds.
bool trust_file(SSL_CTX& context, const char* file) {
  std::error_code error;
  return fs::exists(file, error) && SSL_CTX_load_verify_file(&context, file) == 1;
}

bool find_system(SSL_CTX& context) {
#ifdef _WIN32
  if (SSL_CTX_load_verify_store(&context, "org.openssl.winstore://") == 1) return true;
#endif
  if (says_environment()) return SSL_CTX_set_default_verify_paths(&context) == 1;
  const auto trusts_folder = [&](const char* folder) { return trust_folder(context, folder); };
  const auto trusts_file = [&](const char* file) { return trust_file(context, file); };
  return trusts_folder(X509_get_default_cert_dir()) ||
         std::ranges::any_of(folders, trusts_folder) || trusts_file(X509_get_default_cert_file()) ||
         std::ranges::any_of(files, trusts_file);
}

}  // namespace

void trust_system(SSL_CTX& context) {
  find_system(context);
  ERR_clear_error();
}

}  // namespace simws::transport
