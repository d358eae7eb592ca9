#include "transport/tls_local.h"

#include <simws/local_certificates.h>

namespace simws {

namespace {

template <typename Prepare>
Result<LocalCertificates> in_users_folder(const Prepare& prepare) {
  const auto folder = transport::local_certificates_folder();
  if (!folder) return folder.error();
  return prepare(*folder, transport::MachineNames::find(), std::time(nullptr));
}

}  // namespace

Result<LocalCertificates> local_certificates() {
  return in_users_folder(transport::prepare_local_certificates);
}

Result<LocalCertificates> new_local_authority() {
  return in_users_folder(transport::replace_local_authority);
}

}  // namespace simws
