#include "endpoint/client_tls.h"

#include <string>
#include <utility>

namespace simws::endpoint {

namespace {

transport::TlsClientOptions converted(const ClientTls& options) {
  return {options.ca,          options.verify,      options.server_name,
          options.certificate, options.private_key, options.password};
}

Error in_tls(const Error& error) {
  return {error.code, "tls: " + error.message};
}

}  // namespace

Result<void> check_client_tls(const ClientTls& options) {
  const auto checked = transport::TlsClient::check(converted(options));
  return checked ? Result<void>() : in_tls(checked.error());
}

Result<std::shared_ptr<transport::TlsClient>> ClientTlsContexts::find_or_make(
    const ClientTls& options, const Logger& logger) {
  if (latest_ && options_ == options && latest_->is_current()) return latest_;
  auto made = transport::TlsClient::make(loop_, converted(options),
                                         [&](transport::TlsNews, const std::string& text) {
                                           logger(LogLevel::warning, "tls: " + text);
                                         });
  if (!made) return in_tls(made.error());
  options_ = options;
  latest_ = std::move(made).value();
  return latest_;
}

}  // namespace simws::endpoint
