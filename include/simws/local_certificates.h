// Certificates for servers of this machine by an authority of its user's, which `ServerTls::local`
// uses: who trusts the authority sees no warning.
//
// They lie in the folder simws of the user's configuration (XDG_CONFIG_HOME or ~/.config; APPDATA;
// ~/Library/Application Support), private keys readable by their owner only. The authority may
// vouch for localhost, this machine's names and addresses and private networks, and for nothing
// else.
#pragma once

#include <simws/result.h>

#include <ctime>
#include <string>
#include <vector>

namespace simws {

struct LocalCertificates {
  std::string folder;
  std::string authority;              // PEM file of the authority's certificate, to be trusted
  std::string fingerprint;            // SHA-256 of that certificate, "AB:CD:..."
  std::time_t authority_until = 0;    // it's valid
  std::string certificate;            // PEM file of the servers' certificate and private key
  std::time_t certificate_until = 0;  // it's valid: 397 days, and renewed before its end
  std::vector<std::string> names;     // that it's for, and addresses
  std::vector<std::string> left_out;  // names of this machine that the authority may not vouch for
  bool is_new_authority = false;      // it was made now, and nobody trusts it yet
};

// What is there, made or renewed where it has to be. Any thread; writes files. Errors name the file
// and the cause: io, permission_denied; invalid_argument, a damaged one; unavailable, there's no
// folder.
Result<LocalCertificates> local_certificates();

// The same with another authority than before, for names that the one before may not vouch for, or
// when its key has become known. What trusted that one has to be told anew.
Result<LocalCertificates> new_local_authority();

}  // namespace simws
