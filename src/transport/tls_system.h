// Whom the system trusts. For tls_*.cpp alone.
#pragma once

#include "transport/tls_openssl.h"

namespace simws::transport {

// Where SSL_CERT_FILE or SSL_CERT_DIR say, else where systems have them, whatever this OpenSSL was
// built for. Nobody, where there are none.
void trust_system(SSL_CTX& context);

}  // namespace simws::transport
