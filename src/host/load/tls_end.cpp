#include "host/load/tls_end.h"

#include "host/load/failure.h"
#include "transport/tls_settings.h"
#include "transport/tls_tickets.h"

#include <openssl/ssl.h>

#include <array>

namespace simws::load {

using Outcome = transport::TlsEngine::Outcome;

TlsContext make_tls_context(const std::string& ca, bool verify) {
  transport::TlsClientOptions options;
  options.ca = ca;
  options.verify = verify;
  auto loaded = transport::load_client_context(options);
  if (!loaded) refuse("TLS: " + loaded.error().message);
  return std::move(loaded->context);
}

// No ticket of another connection: each shakes hands as the first one does.
TlsEnd::TlsEnd(const TlsContext& context, const std::string& host)
    : context_(context),
      engine_(transport::TlsEngine::make_client(*context, host,
                                                std::make_shared<transport::TlsTickets>())) {
  if (!engine_) give_up("TLS: out of memory");
}

void TlsEnd::begin(std::string& out) {
  Bytes nothing;
  shake_hands(nothing);
  hand_over(out);
}

void TlsEnd::encrypt(std::string_view plain, std::string& out) {
  if (!is_open_) {
    waiting_ += plain;
    return;
  }
  write(plain);
  hand_over(out);
}

void TlsEnd::decrypt(std::string_view bytes, std::string& out, const Take& take) {
  Bytes input = as_bytes(bytes);
  if (!is_open_) shake_hands(input);
  if (is_open_) read(input, take);
  hand_over(out);
}

void TlsEnd::shake_hands(Bytes& input) {
  const Outcome outcome = engine_->shake_hands(input, records_);
  check(outcome);
  if (outcome == Outcome::finished) give_up("TLS: the server ended the handshake");
  if (outcome != Outcome::done) return;
  is_open_ = true;
  if (!waiting_.empty()) write(waiting_);
  waiting_.clear();
}

void TlsEnd::read(Bytes& input, const Take& take) {
  std::array<std::byte, 16384> plain;
  for (Outcome outcome = Outcome::done; outcome == Outcome::done;) {
    const auto reading = engine_->read(input, plain, records_);
    outcome = reading.outcome;
    check(outcome);
    if (outcome == Outcome::finished) is_finished_ = true;
    if (reading.size > 0) take(as_text(Bytes(plain).first(reading.size)));
  }
}

void TlsEnd::check(Outcome outcome) const {
  if (outcome == Outcome::failed) give_up("TLS: " + engine_->failure());
}

void TlsEnd::write(std::string_view plain) {
  if (!engine_->write(as_bytes(plain), records_)) give_up("TLS: " + engine_->failure());
}

void TlsEnd::hand_over(std::string& out) {
  out += records_.text();
  records_.clear();
}

}  // namespace simws::load
