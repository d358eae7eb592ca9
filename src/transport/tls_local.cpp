#include "transport/tls_local.h"

#include "base/ascii.h"
#include "transport/loop.h"
#include "transport/private_file.h"
#include "transport/tls_issue.h"
#include "transport/tls_pem.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <new>
#include <system_error>
#include <utility>

namespace simws::transport {

namespace {

namespace fs = std::filesystem;

constexpr std::time_t day = 24 * 60 * 60;
constexpr std::time_t authority_life = 3650 * day;
// What browsers take at the most is 398 days.
constexpr std::time_t certificate_life = 397 * day;
// Renewed before its end, and valid a little before now: clocks differ.
constexpr std::time_t margin = 30 * day;
constexpr std::time_t clock_tolerance = day;

constexpr std::array<const char*, 5> private_networks = {
    "10.0.0.0/255.0.0.0", "172.16.0.0/255.240.0.0", "192.168.0.0/255.255.0.0",
    "FC00::/FE00::", "FE80::/FFC0::"};
constexpr std::array<const char*, 3> loopback_networks = {
    "127.0.0.0/255.0.0.0", "169.254.0.0/255.255.0.0",
    "::1/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF"};

std::string in(const std::string& folder, const char* name) {
  return (fs::path(folder) / name).string();
}

// RFC 1123, 2.1; others can't be in a certificate.
bool is_host_name(std::string_view name) {
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.';
  };
  return !name.empty() && name.size() <= 253 && name.front() != '.' && name.front() != '-' &&
         std::ranges::all_of(name, is_part);
}

std::string with_mask(const std::string& address) {
  const bool is_ipv6 = address.find(':') != std::string::npos;
  return address + (is_ipv6 ? "/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF" : "/255.255.255.255");
}

CertifiedNames permitted_names(const MachineNames& machine) {
  CertifiedNames permitted{{"localhost"}, {}};
  permitted.names.insert(permitted.names.end(), machine.names.begin(), machine.names.end());
  for (const char* network : private_networks) permitted.addresses.emplace_back(network);
  for (const char* network : loopback_networks) permitted.addresses.emplace_back(network);
  for (const auto& address : machine.addresses) permitted.addresses.push_back(with_mask(address));
  return permitted;
}

CertifiedNames wanted_names(const MachineNames& machine) {
  CertifiedNames wanted{{"localhost"}, {"127.0.0.1", "::1"}};
  wanted.names.insert(wanted.names.end(), machine.names.begin(), machine.names.end());
  wanted.addresses.insert(wanted.addresses.end(), machine.addresses.begin(),
                          machine.addresses.end());
  return wanted;
}

std::time_t end_of(const X509& certificate) {
  std::tm time{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &time) != 1) return 0;
#ifdef _WIN32
  return _mkgmtime(&time);
#else
  return timegm(&time);
#endif
}

std::string fingerprint_of(const X509& certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  if (X509_digest(&certificate, EVP_sha256(), digest.data(), &size) != 1) throw std::bad_alloc();
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    if (i > 0) text += ':';
    text.append({digits[digest[i] >> 4], digits[digest[i] & 15]});
  }
  return text;
}

// Whether the authority's constraints (RFC 5280, 4.2.1.10) admit all of these.
bool may_vouch(const IssuedCertificate& authority, const CertifiedNames& names) {
  using Constraints = std::unique_ptr<NAME_CONSTRAINTS, FreedBy<NAME_CONSTRAINTS_free>>;
  const Constraints constraints(static_cast<NAME_CONSTRAINTS*>(
      X509_get_ext_d2i(authority.certificate.get(), NID_name_constraints, nullptr, nullptr)));
  if (!constraints) return false;
  const IssuedCertificate sample = issue_certificate(authority, "sample", names, 0, 0);
  X509_check_purpose(sample.certificate.get(), -1, 0);  // OpenSSL reads its names now
  return NAME_CONSTRAINTS_check(sample.certificate.get(), constraints.get()) == X509_V_OK;
}

// Of `wanted` what the authority may vouch for; the rest goes to `left_out`.
CertifiedNames choose_names(const IssuedCertificate& authority, const CertifiedNames& wanted,
                            std::vector<std::string>& left_out) {
  CertifiedNames chosen;
  for (const std::string& name : wanted.names) {
    auto& target = may_vouch(authority, {{name}, {}}) ? chosen.names : left_out;
    target.push_back(name);
  }
  for (const std::string& address : wanted.addresses) {
    auto& target = may_vouch(authority, {{}, {address}}) ? chosen.addresses : left_out;
    target.push_back(address);
  }
  return chosen;
}

bool is_for(X509& certificate, const CertifiedNames& names) {
  const auto has_name = [&](const std::string& name) {
    return X509_check_host(&certificate, name.data(), name.size(), 0, nullptr) == 1;
  };
  const auto has_address = [&](const std::string& address) {
    return X509_check_ip_asc(&certificate, address.c_str(), 0) == 1;
  };
  return std::ranges::all_of(names.names, has_name) &&
         std::ranges::all_of(names.addresses, has_address);
}

// The folder's files, for one call.
class LocalFolder {
 public:
  LocalFolder(const std::string& folder, const MachineNames& machine, std::time_t now)
      : machine_(machine), now_(now) {
    result_.folder = folder;
    result_.authority = in(folder, "authority.pem");
    result_.certificate = in(folder, "server.pem");
    key_file_ = in(folder, "authority-key.pem");
  }

  Result<LocalCertificates> prepare(bool replaces_authority) {
    if (auto made = make_folder(result_.folder); !made) return std::move(made).error();
    auto authority = replaces_authority ? make_authority(true) : find_authority();
    if (!authority) return std::move(authority).error();
    if (auto shown = show_authority(*authority->certificate); !shown) {
      return std::move(shown).error();
    }
    if (auto made = find_certificate(*authority); !made) return std::move(made).error();
    return std::move(result_);
  }

 private:
  Result<IssuedCertificate> load_authority() {
    auto loaded = load_identity(key_file_, "", "");
    if (!loaded) return std::move(loaded).error();
    return IssuedCertificate{std::move(loaded->certificate), std::move(loaded->key)};
  }

  Result<IssuedCertificate> find_authority() {
    if (!fs::exists(key_file_)) return make_authority(false);
    auto loaded = load_authority();
    if (!loaded) {
      return Error{loaded.error().code,
                   loaded.error().message + "; `simws cert --new` makes another authority"};
    }
    return end_of(*loaded->certificate) < now_ + margin ? make_authority(true) : std::move(loaded);
  }

  // Another process may have been faster: then it's that one's.
  Result<IssuedCertificate> make_authority(bool replaces) {
    const std::string name = machine_.names.empty() ? "this machine" : machine_.names.front();
    const auto made = issue_authority("simWS on " + name, permitted_names(machine_),
                                      now_ - clock_tolerance, now_ + authority_life);
    const std::string text = certificate_pem(*made.certificate) + key_pem(*made.key);
    if (replaces) {
      auto replaced = replace_file(key_file_, text, FileReaders::owner);
      if (!replaced) return std::move(replaced).error();
    } else {
      auto created = create_file(key_file_, text, FileReaders::owner);
      if (!created) return std::move(created).error();
    }
    result_.is_new_authority = true;
    return load_authority();
  }

  Result<void> show_authority(const X509& certificate) {
    result_.fingerprint = fingerprint_of(certificate);
    result_.authority_until = end_of(certificate);
    const auto shown = load_authorities(result_.authority);
    if (shown && X509_cmp(shown->front().get(), &certificate) == 0) return {};
    return replace_file(result_.authority, certificate_pem(certificate), FileReaders::all);
  }

  Result<void> find_certificate(const IssuedCertificate& authority) {
    const CertifiedNames names = choose_names(authority, wanted_names(machine_), result_.left_out);
    result_.names = names.names;
    result_.names.insert(result_.names.end(), names.addresses.begin(), names.addresses.end());
    if (serves(authority, names)) return {};
    const std::time_t until = std::min(now_ + certificate_life, result_.authority_until);
    const auto made =
        issue_certificate(authority, names.names.back(), names, now_ - clock_tolerance, until);
    result_.certificate_until = until;
    return replace_file(result_.certificate,
                        certificate_pem(*made.certificate) + key_pem(*made.key),
                        FileReaders::owner);
  }

  // What is there will do. A damaged file is replaced as an old one is.
  bool serves(const IssuedCertificate& authority, const CertifiedNames& names) {
    const auto loaded = load_identity(result_.certificate, "", "");
    if (!loaded) return false;
    X509& certificate = *loaded->certificate;
    result_.certificate_until = end_of(certificate);
    const bool is_authoritys =
        X509_verify(&certificate, X509_get0_pubkey(authority.certificate.get())) == 1;
    ERR_clear_error();
    return is_authoritys && result_.certificate_until >= now_ + margin &&
           is_for(certificate, names);
  }

  const MachineNames& machine_;
  const std::time_t now_;
  std::string key_file_;
  LocalCertificates result_;
};

// What throws in it: memory ran out, or a path that the system can't express.
Result<LocalCertificates> prepare(const std::string& folder, const MachineNames& machine,
                                  std::time_t now, bool replaces_authority) {
  try {
    return LocalFolder(folder, machine, now).prepare(replaces_authority);
  } catch (const std::exception& failure) {
    return Error{ErrorCode::unavailable, "'" + folder + "': " + failure.what()};
  }
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

MachineNames MachineNames::find() {
  MachineNames found;
  const std::string full = to_lower(machine_name());
  const std::string own = full.substr(0, full.find('.'));
  for (const std::string& name : {own, own + ".local", full}) {
    const bool is_known = std::ranges::find(found.names, name) != found.names.end();
    if (is_host_name(name) && !is_known && name != "localhost") found.names.push_back(name);
  }
  if (own.empty() || own == "localhost") found.names.clear();
  found.addresses = machine_addresses();
  for (std::string& address : machine_ipv6_addresses()) {
    found.addresses.push_back(std::move(address));
  }
  return found;
}

Result<std::string> local_certificates_folder() {
#if defined(_WIN32)
  const std::string base = variable("APPDATA");
  const std::string needed = "APPDATA";
#elif defined(__APPLE__)
  const std::string home = variable("HOME");
  const std::string base = home.empty() ? "" : home + "/Library/Application Support";
  const std::string needed = "HOME";
#else
  const std::string home = variable("HOME");
  std::string base = variable("XDG_CONFIG_HOME");
  if (!base.starts_with('/')) base = home.empty() ? "" : home + "/.config";
  const std::string needed = "XDG_CONFIG_HOME or HOME";
#endif
  if (!base.empty()) return (fs::path(base) / "simws").string();
  return Error{ErrorCode::unavailable, "the local certificates need a folder: set " + needed};
}

Result<LocalCertificates> prepare_local_certificates(const std::string& folder,
                                                     const MachineNames& machine, std::time_t now) {
  return prepare(folder, machine, now, false);
}

Result<LocalCertificates> replace_local_authority(const std::string& folder,
                                                  const MachineNames& machine, std::time_t now) {
  return prepare(folder, machine, now, true);
}

}  // namespace simws::transport
