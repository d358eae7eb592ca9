// The TLS of a loop's clients.
#pragma once

#include "transport/tls_context.h"

#include <simws/log.h>
#include <simws/result.h>
#include <simws/tls.h>

#include <memory>

namespace simws::endpoint {

// What can be said of them without their files. Error: one sentence that begins with "tls: ".
Result<void> check_client_tls(const ClientTls& options);

// To load authorities takes milliseconds and memory, so those who ask for the same share a context,
// and with it the tickets of servers. Belongs to its loop's thread.
class ClientTlsContexts {
 public:
  explicit ClientTlsContexts(transport::Loop& loop) : loop_(loop) {}

  // The latest one, where it's the same and its files are. Error: one sentence that begins with
  // "tls: " and names the file. A certificate that isn't valid at this time is logged.
  Result<std::shared_ptr<transport::TlsClient>> find_or_make(const ClientTls& options,
                                                             const Logger& logger);

 private:
  transport::Loop& loop_;
  ClientTls options_;
  std::shared_ptr<transport::TlsClient> latest_;  // made from the options; null: none was made
};

}  // namespace simws::endpoint
