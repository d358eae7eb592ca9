#include "endpoint/client_tls.h"

#include <string>
#include <utility>

namespace simws::endpoint {

Result<std::shared_ptr<transport::TlsClient>> ClientTlsContexts::find_or_make(
    const ClientTls& options, const Logger& logger) {
  if (latest_ && options_ == options && latest_->is_current()) return latest_;
  auto made =
      transport::TlsClient::make(loop_,
                                 {options.ca, options.verify, options.server_name,
                                  options.certificate, options.private_key, options.password},
                                 [&](transport::TlsNews, const std::string& text) {
                                   logger(LogLevel::warning, "tls: " + text);
                                 });
  if (!made) return Error{made.error().code, "tls: " + made.error().message};
  options_ = options;
  latest_ = std::move(made).value();
  return latest_;
}

}  // namespace simws::endpoint
