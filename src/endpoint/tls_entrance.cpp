#include "endpoint/tls_entrance.h"

#include <simws/local_certificates.h>

#include <chrono>
#include <utility>

namespace simws::endpoint {

namespace {

constexpr Duration renewal_interval = std::chrono::hours(1);

Error in_tls(const Error& error) {
  return {error.code, "tls: " + error.message};
}

transport::TlsServerOptions files_of(const ServerTls& options) {
  const auto min_version = options.min_version == TlsVersion::tls_1_3
                               ? transport::TlsVersion::tls_1_3
                               : transport::TlsVersion::tls_1_2;
  return {options.certificate, options.private_key, options.password, options.client_ca,
          min_version};
}

Result<void> check(const ServerTls& options) {
  if (options.local && !(options.certificate + options.private_key).empty()) {
    return Error{ErrorCode::invalid_argument,
                 "tls: a local certificate takes no files: leave out certificate and private_key"};
  }
  if (options.local || !options.certificate.empty()) return {};
  return Error{ErrorCode::invalid_argument,
               "tls: a certificate is needed: name its PEM file, or let one be made (local)"};
}

}  // namespace

TlsEntrance::TlsEntrance(transport::Loop& loop, Logger logger)
    : loop_(loop), logger_(std::move(logger)) {}

Result<std::unique_ptr<TlsEntrance>> TlsEntrance::make(transport::Loop& loop,
                                                       const ServerTls& options, Logger logger,
                                                       transport::PlainHttpAnswer answer) {
  if (auto checked = check(options); !checked) return std::move(checked).error();
  std::unique_ptr<TlsEntrance> made(new TlsEntrance(loop, std::move(logger)));
  transport::TlsServerOptions files = files_of(options);
  if (options.local) {
    auto file = made->prepare_local();
    if (!file) return in_tls(file.error());
    files.certificate = std::move(file).value();
  }
  const auto tell = [self = made.get()](transport::TlsNews news, const std::string& text) {
    self->log(news == transport::TlsNews::reloaded ? LogLevel::info : LogLevel::warning, text);
  };
  auto server = transport::TlsServer::make(loop, std::move(files), tell, std::move(answer));
  if (!server) return in_tls(server.error());
  made->server_ = std::move(server).value();
  return made;
}

std::unique_ptr<transport::Stream> TlsEntrance::accept(std::unique_ptr<transport::Stream> stream) {
  if (loop_.now() >= next_renewal_) renew_local();
  return server_->accept(std::move(stream));
}

// The file that servers use.
Result<std::string> TlsEntrance::prepare_local() {
  next_renewal_ = loop_.now() + renewal_interval;
  auto found = local_certificates();
  if (!found) return std::move(found).error();
  if (found->is_new_authority) {
    log(LogLevel::info, "made a local authority: browsers show no warning once they trust '" +
                            found->authority + "'; `simws cert` says how");
  }
  for (const std::string& name : found->left_out) {
    log(LogLevel::warning, "the local authority may not vouch for " + name +
                               ", as which this machine wasn't known when it was made; "
                               "`simws cert --new` makes another, to be trusted anew");
  }
  return std::move(found->certificate);
}

void TlsEntrance::renew_local() {
  const auto renewed = prepare_local();
  if (!renewed) {
    log(LogLevel::warning, renewed.error().message + "; the certificate before stays in use");
  }
}

void TlsEntrance::log(LogLevel level, const std::string& text) const {
  if (logger_) logger_(level, "tls: " + text);
}

}  // namespace simws::endpoint
