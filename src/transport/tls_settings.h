// What a TLS context is set to. For tls_*.cpp alone.
#pragma once

#include "transport/tls_openssl.h"
#include "transport/tls_options.h"

#include <simws/result.h>

#include <optional>
#include <string>

namespace simws::transport {

struct LoadedContext {
  SslContextPtr context;
  std::optional<std::string> warning;  // the certificate isn't valid at this time
};

// Each has ticket keys of its own.
Result<LoadedContext> load_server_context(const TlsServerOptions& options);
Result<LoadedContext> load_client_context(const TlsClientOptions& options);

// What can be said of them without their files.
Result<void> check_client_options(const TlsClientOptions& options);

}  // namespace simws::transport
