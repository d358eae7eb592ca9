#include "host/commands/doctor/check_text.h"
#include "host/commands/doctor/checks.h"

#include <array>
#include <string>

namespace simws::host {

namespace {

// As transport has them: where systems keep whom they trust.
constexpr std::array authority_files{"/etc/ssl/certs/ca-certificates.crt",
                                     "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
                                     "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                                     "/etc/ssl/cert.pem"};

std::string certificate_folder(const Machine& machine) {
  const std::string configuration = machine.variable("XDG_CONFIG_HOME");
  if (!configuration.empty()) return configuration + "/simws";
  return machine.variable("HOME") + "/.config/simws";
}

// "Nov 30 10:00:00 2027 GMT"; empty: nothing here can tell.
std::string end_of(const Machine& machine, const std::string& certificate) {
  const std::string openssl = machine.find_program("openssl");
  if (openssl.empty()) return {};
  const auto ran = machine.run({openssl, "x509", "-noout", "-enddate", "-in", certificate});
  constexpr std::string_view field = "notAfter=";
  const std::string_view line = trimmed(ran.output);
  if (!ran.is_good || !line.starts_with(field)) return {};
  return std::string(line.substr(field.size()));
}

bool is_expired(const Machine& machine, const std::string& certificate) {
  const std::string openssl = machine.find_program("openssl");
  if (openssl.empty() || end_of(machine, certificate).empty()) return false;
  return !machine.run({openssl, "x509", "-noout", "-checkend", "0", "-in", certificate}).is_good;
}

bool is_in_browsers(const Machine& machine) {
  const std::string certutil = machine.find_program("certutil");
  const std::string store = machine.variable("HOME") + "/.pki/nssdb";
  if (certutil.empty() || !machine.exists(store)) return false;
  return machine.run({certutil, "-d", "sql:" + store, "-L", "-n", "simWS"}).is_good;
}

// As `simws cert` says how.
bool is_in_system(const Machine& machine, const std::string& authority) {
  const std::string copy = read_word(machine, "/usr/local/share/ca-certificates/simws.crt");
  return !copy.empty() && copy == read_word(machine, authority);
}

std::string trusted_by(bool in_browsers, bool in_system) {
  if (in_browsers && in_system) return ", trusted by Chromium and the system";
  if (in_browsers) return ", trusted by Chromium";
  return in_system ? ", trusted by the system" : "";
}

}  // namespace

Finding check_authorities(const Question& question) {
  const Machine& machine = question.machine;
  Finding finding{"authorities", Verdict::ok, "", ""};
  std::string file = machine.variable("SSL_CERT_FILE");
  for (const char* const each : authority_files) {
    if (file.empty() && machine.exists(each)) file = each;
  }
  if (!file.empty() && machine.read(file)) {
    finding.text = "servers of the internet are checked by " + file;
    return finding;
  }
  finding.verdict = Verdict::note;
  finding.text = file.empty() ? "none: wss:// of others can't be trusted"
                              : "SSL_CERT_FILE is " + file + ", which can't be read";
  finding.advice = file.empty() ? "sudo apt-get install ca-certificates" : "unset SSL_CERT_FILE";
  return finding;
}

Finding check_local_certificates(const Question& question) {
  const Machine& machine = question.machine;
  const std::string authority = certificate_folder(machine) + "/authority.pem";
  Finding finding{"tls = 'local'", Verdict::ok, "no certificates yet: the first use makes them",
                  "simws cert makes them now, and says how browsers trust them"};
  if (!machine.exists(authority)) return finding;
  const std::string until = end_of(machine, authority);
  const bool in_browsers = is_in_browsers(machine), in_system = is_in_system(machine, authority);
  finding.text = authority + (until.empty() ? "" : ", valid until " + until) +
                 trusted_by(in_browsers, in_system);
  if (is_expired(machine, authority)) {
    finding.verdict = Verdict::note;
    finding.text = authority + " was valid until " + until;
    finding.advice = "simws cert --new";
  } else if (in_browsers || in_system) {
    finding.advice.clear();
  } else {
    finding.advice = "simws cert says how browsers and programs trust it";
  }
  return finding;
}

}  // namespace simws::host
