#include "host/commands/cert_command.h"

#include "host/program.h"

#include <CLI/CLI.hpp>

#include <array>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <string_view>
#include <system_error>

namespace simws::host {

namespace {

std::string date_of(std::time_t time) {
  std::array<char, 16> text;
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%d", std::gmtime(&time));
  return {text.data(), size};
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

// For a shell.
std::string shell_word(const std::string& file) {
  std::string text = "'";
  for (const char c : file) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

void show(const LocalCertificates& certificates) {
  std::cout << "Authority    " << certificates.authority << '\n'
            << "  SHA-256    " << certificates.fingerprint << '\n'
            << "  until      " << date_of(certificates.authority_until) << '\n'
            << "Certificate  " << certificates.certificate << '\n'
            << "  for        " << joined(certificates.names) << '\n'
            << "  until      " << date_of(certificates.certificate_until)
            << ", and renewed before\n";
  if (!certificates.left_out.empty()) {
    std::cout << "  not for    " << joined(certificates.left_out)
              << ": this machine wasn't called so when the authority was made;\n"
              << "             `simws cert --new` makes another, which is to be trusted anew\n";
  }
}

// The commands and menus of each system, with the file's name.
void tell_how_to_trust(const std::string& file) {
  const std::string name = shell_word(file);
  std::cout
      << "\nBrowsers and programs show no warning once they trust the authority. It can vouch for\n"
         "this machine and for private networks only. Copy authority.pem to where it's needed, "
         "and\n"
         "nothing else: the other two files hold private keys.\n\n"
      << "Chrome and Chromium on Linux (package libnss3-tools)\n"
      << "  mkdir -p ~/.pki/nssdb\n"
      << "  certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n simWS -i " << name << '\n'
      << "Firefox\n"
         "  Settings, Privacy & Security, View Certificates, Authorities, Import\n"
      << "Debian and Ubuntu: curl, Python and other programs\n"
      << "  sudo cp " << name << " /usr/local/share/ca-certificates/simws.crt\n"
      << "  sudo update-ca-certificates\n"
      << "Fedora and Arch\n"
      << "  sudo trust anchor " << name << '\n'
      << "Windows: browsers and programs\n"
         "  certutil -user -addstore Root authority.pem\n"
         "macOS: browsers and programs\n"
         "  security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db "
         "authority.pem\n"
         "Android\n"
         "  Settings, Security, Encryption & credentials, Install a certificate, CA certificate\n"
         "iPhone and iPad\n"
         "  Open the file, install it under Settings, General, VPN & Device Management, then turn "
         "it on\n"
         "  under Settings, General, About, Certificate Trust Settings\n"
         "One program only\n"
      << "  curl --cacert " << name << " ...; SSL_CERT_FILE=" << name << " python3 ...\n"
      << "  simWS.connect(uri, {tls = {ca = " << name << "}})\n";
}

}  // namespace

void CertCommand::add_to(CLI::App& app) {
  app.add_flag("--new", is_new_, "Make another authority, which is to be trusted anew");
  app.add_option("--export", export_, "Only write the authority's certificate to FILE, as PEM")
      ->type_name("FILE");
  app.footer(
      "A server that is started with tls = 'local', or `simws echo --tls`, has a certificate for\n"
      "this machine by an authority of your own. Both are made when they are needed first, by "
      "this\n"
      "command too, and kept in your configuration folder.");
}

int CertCommand::run() {
  const auto certificates = is_new_ ? new_local_authority() : local_certificates();
  if (!certificates) return fail(certificates.error().message);
  if (!export_.empty()) return export_to(export_, *certificates);
  show(*certificates);
  tell_how_to_trust(certificates->authority);
  return 0;
}

int CertCommand::export_to(const std::string& file, const LocalCertificates& certificates) const {
  std::error_code error;
  std::filesystem::copy_file(certificates.authority, file,
                             std::filesystem::copy_options::overwrite_existing, error);
  if (error) return fail("'" + file + "' can't be written: " + error.message());
  std::cout << "wrote '" << file << "': the certificate to be trusted, SHA-256 "
            << certificates.fingerprint << '\n';
  return 0;
}

}  // namespace simws::host
