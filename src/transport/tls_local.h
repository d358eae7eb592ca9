// Certificates for the servers of this machine, by an authority of its user's: who trusts that sees
// no warning. They lie in a folder, are made if need be, and renewed.
//
//   authority.pem      the authority's certificate, to be trusted by browsers and systems
//   authority-key.pem  the same with its private key
//   server.pem         the servers' certificate with its private key
//
// The authority may vouch for this machine's names and addresses and for private networks only.
// Processes may use the folder at the same time: each file is replaced as a whole.
#pragma once

#include <simws/local_certificates.h>
#include <simws/result.h>

#include <ctime>
#include <string>
#include <vector>

namespace simws::transport {

// How a machine is reached, besides by localhost.
struct MachineNames {
  std::vector<std::string> names;
  std::vector<std::string> addresses;

  // This one's, as they are now: its name, without its domain too, and that with ".local".
  static MachineNames find();
};

// Of the user's configuration: XDG_CONFIG_HOME or ~/.config, and what corresponds elsewhere. Error:
// the environment names no folder.
Result<std::string> local_certificates_folder();

// What is in the folder, made or renewed where it has to be. Errors name the file and the cause:
// io, permission_denied; invalid_argument: the authority's file is damaged.
Result<LocalCertificates> prepare_local_certificates(const std::string& folder,
                                                     const MachineNames& machine, std::time_t now);
// The same with another authority than before, whom nobody trusts yet.
Result<LocalCertificates> replace_local_authority(const std::string& folder,
                                                  const MachineNames& machine, std::time_t now);

}  // namespace simws::transport
