// TLS at a server's door: what was accepted speaks it from here on.
#pragma once

#include "base/clock.h"
#include "transport/loop.h"
#include "transport/tls_context.h"

#include <simws/log.h>
#include <simws/result.h>
#include <simws/tls.h>

#include <memory>
#include <string>

namespace simws::endpoint {

class TlsEntrance {
 public:
  // The loop outlives it. Errors begin with "tls: " and name the file.
  static Result<std::unique_ptr<TlsEntrance>> make(transport::Loop& loop, const ServerTls& options,
                                                   Logger logger,
                                                   transport::PlainHttpAnswer answer);

  // Files that were replaced serve from here on; local certificates are renewed in time.
  std::unique_ptr<transport::Stream> accept(std::unique_ptr<transport::Stream> stream);

 private:
  TlsEntrance(transport::Loop& loop, Logger logger);
  Result<std::string> prepare_local();
  void renew_local();
  void log(LogLevel level, const std::string& text) const;

  transport::Loop& loop_;
  const Logger logger_;
  std::unique_ptr<transport::TlsServer> server_;
  Time next_renewal_ = Time::max();  // of local certificates
};

}  // namespace simws::endpoint
