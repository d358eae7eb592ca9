#include "transport/tls_engine.h"

#include "transport/tls_tickets.h"
#include "transport/tls_words.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <climits>
#include <cstring>
#include <string_view>
#include <utility>

namespace simws::transport {

namespace {

// A peer may have new keys as often as it likes, but not for nothing.
constexpr std::uint8_t most_key_updates = 32;

int limited(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

}  // namespace

// What OpenSSL may read and write as long as this lives. Its queue of errors must be empty then; to
// empty one that is takes longer than to look.
class TlsEngine::Call {
 public:
  Call(TlsEngine& engine, Bytes* input, Buffer& output) : engine_(engine) {
    engine.input_ = input;
    engine.output_ = &output;
    if (ERR_peek_error() != 0) ERR_clear_error();
  }
  ~Call() {
    engine_.input_ = nullptr;
    engine_.output_ = nullptr;
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

 private:
  TlsEngine& engine_;
};

bool TlsEngine::prepare(SSL_CTX& context) {
  if (method() == nullptr) return false;
  SSL_CTX_set_info_callback(&context, on_info);
  SSL_CTX_set_msg_callback(&context, on_message);
  const int verified = SSL_CTX_get_verify_mode(&context);
  if (verified != SSL_VERIFY_NONE) SSL_CTX_set_verify(&context, verified, on_verification);
  SSL_CTX_sess_set_new_cb(&context, on_ticket);
  return true;
}

std::unique_ptr<TlsEngine> TlsEngine::make(SSL_CTX& context) {
  std::unique_ptr<TlsEngine> engine(new TlsEngine);
  engine->ssl_ = SSL_new(&context);
  BIO* const bio = BIO_new(method());
  if (engine->ssl_ == nullptr || bio == nullptr) {
    BIO_free(bio);
    return nullptr;
  }
  BIO_set_data(bio, engine.get());
  BIO_set_init(bio, 1);
  SSL_set_bio(engine->ssl_, bio, bio);
  SSL_set_app_data(engine->ssl_, engine.get());
  return engine;
}

std::unique_ptr<TlsEngine> TlsEngine::make_server(SSL_CTX& context) {
  auto engine = make(context);
  if (engine) SSL_set_accept_state(engine->ssl_);
  return engine;
}

std::unique_ptr<TlsEngine> TlsEngine::make_client(SSL_CTX& context, const std::string& name,
                                                  std::shared_ptr<TlsTickets> tickets) {
  auto engine = make(context);
  if (!engine) return nullptr;
  SSL_set_connect_state(engine->ssl_);
  if (!engine->expect(name)) return nullptr;
  if (const SessionPtr ticket = tickets->take(name)) SSL_set_session(engine->ssl_, ticket.get());
  engine->tickets_ = std::move(tickets);
  return engine;
}

// Addresses are checked, and not told to the server (RFC 6066, 3). A subject is nobody's name (RFC
// 9525, 2).
bool TlsEngine::expect(const std::string& name) {
  name_ = name;
  X509_VERIFY_PARAM* const checks = SSL_get0_param(ssl_);
  if (X509_VERIFY_PARAM_set1_ip_asc(checks, name.c_str()) == 1) return true;
  ERR_clear_error();
  std::string host = name;
  if (host.ends_with('.')) host.pop_back();
  X509_VERIFY_PARAM_set_hostflags(
      checks, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  return X509_VERIFY_PARAM_set1_host(checks, host.c_str(), host.size()) == 1 &&
         SSL_set_tlsext_host_name(ssl_, host.c_str()) == 1;
}

// Else OpenSSL would take an end without close_notify for a reason to forget the session's ticket.
TlsEngine::~TlsEngine() {
  if (ssl_ != nullptr) SSL_set_shutdown(ssl_, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  SSL_free(ssl_);
}

TlsEngine::Outcome TlsEngine::shake_hands(Bytes& input, Buffer& output) {
  const Call call(*this, &input, output);
  return outcome_of(SSL_do_handshake(ssl_));
}

TlsEngine::Reading TlsEngine::read(Bytes& input, MutableBytes plain, Buffer& output) {
  const Call call(*this, &input, output);
  const int result = SSL_read(ssl_, plain.data(), limited(plain.size()));
  if (result <= 0) return {outcome_of(result), 0};
  if (!problem_.empty()) return {fail(problem_), 0};
  key_updates_ = 0;
  const bool is_all = input.empty() && SSL_has_pending(ssl_) == 0;
  return {is_all ? Outcome::hungry : Outcome::done, static_cast<std::size_t>(result)};
}

bool TlsEngine::write(Bytes plain, Buffer& output) {
  const Call call(*this, nullptr, output);
  while (!plain.empty()) {
    const int result = SSL_write(ssl_, plain.data(), limited(plain.size()));
    if (result <= 0) {
      outcome_of(result);
      if (failure_.empty()) fail("it can't be written to at this moment");
      return false;
    }
    plain = plain.subspan(static_cast<std::size_t>(result));
  }
  return true;
}

void TlsEngine::finish(Buffer& output) {
  const Call call(*this, nullptr, output);
  SSL_shutdown(ssl_);
  ERR_clear_error();
}

// RFC 8446, 5.2: header, the content's type, the tag; RFC 5288 in TLS 1.2, with an explicit nonce
// (RFC 7905 has none).
std::size_t TlsEngine::record_overhead() const {
  if (SSL_version(ssl_) == TLS1_3_VERSION) return 5 + 1 + 16;
  const SSL_CIPHER* const cipher = SSL_get_current_cipher(ssl_);
  const bool is_chacha = cipher && SSL_CIPHER_get_cipher_nid(cipher) == NID_chacha20_poly1305;
  return is_chacha ? 5 + 16 : 5 + 8 + 16;
}

TlsInfo TlsEngine::info() const {
  TlsInfo info;
  info.version = SSL_get_version(ssl_);
  info.cipher = SSL_get_cipher_name(ssl_);
  info.is_resumed = SSL_session_reused(ssl_) == 1;
  const unsigned char* alpn = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl_, &alpn, &size);
  if (size > 0) info.alpn.assign(reinterpret_cast<const char*>(alpn), size);
  const CertificatePtr peer(SSL_get1_peer_certificate(ssl_));
  if (!peer) return info;
  const bool is_asked_for = (SSL_get_verify_mode(ssl_) & SSL_VERIFY_PEER) != 0;
  if (!is_asked_for || SSL_get_verify_result(ssl_) != X509_V_OK) return info;
  info.peer_subject = subject_of(*peer);
  info.peer_names = names_of(*peer);
  return info;
}

TlsEngine::Outcome TlsEngine::outcome_of(int result) {
  const int error = SSL_get_error(ssl_, result);
  if (!problem_.empty() && error != SSL_ERROR_NONE) return fail(problem_);
  switch (error) {
    case SSL_ERROR_NONE:
      return Outcome::done;
    case SSL_ERROR_WANT_READ:
      return Outcome::hungry;
    case SSL_ERROR_ZERO_RETURN:
      return Outcome::finished;
    default:
      return fail(words_of_failure(error));
  }
}

std::string TlsEngine::words_of_failure(int error) const {
  if (is_out_of_memory_) return "out of memory";
  if (error != SSL_ERROR_SSL) return "TLS failed";
  const std::string reason = take_tls_error();
  return reason == "out of memory" ? reason : "TLS failed: " + reason;
}

TlsEngine::Outcome TlsEngine::fail(std::string reason) {
  if (failure_.empty()) failure_ = std::move(reason);
  ERR_clear_error();
  return Outcome::failed;
}

// A table of functions, as constant as one can be had of OpenSSL.
const BIO_METHOD* TlsEngine::method() {
  static const std::unique_ptr<BIO_METHOD, FreedBy<BIO_meth_free>> made = [] {
    BIO_METHOD* const method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "simWS");
    if (method != nullptr) {
      BIO_meth_set_read(method, take_input);
      BIO_meth_set_write(method, add_output);
      BIO_meth_set_ctrl(method, control);
    }
    return std::unique_ptr<BIO_METHOD, FreedBy<BIO_meth_free>>(method);
  }();
  return made.get();
}

TlsEngine& TlsEngine::of(const SSL* ssl) {
  return *static_cast<TlsEngine*>(SSL_get_app_data(ssl));
}

// After a problem nothing more is read, however much has come.
int TlsEngine::take_input(BIO* bio, char* target, int size) {
  const TlsEngine& engine = *static_cast<TlsEngine*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  Bytes* const input = engine.input_;
  if (input == nullptr || input->empty() || !engine.problem_.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t taken = std::min(static_cast<std::size_t>(size), input->size());
  std::memcpy(target, input->data(), taken);
  *input = input->subspan(taken);
  return static_cast<int>(taken);
}

// Nothing may be thrown through OpenSSL's frames.
int TlsEngine::add_output(BIO* bio, const char* data, int size) {
  TlsEngine& engine = *static_cast<TlsEngine*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  try {
    engine.output_->append(std::string_view(data, static_cast<std::size_t>(size)));
    return size;
  } catch (...) {
    engine.is_out_of_memory_ = true;
    return -1;
  }
}

long TlsEngine::control(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

void TlsEngine::on_info(const SSL* ssl, int where, int value) {
  TlsEngine& engine = of(ssl);
  const bool is_alert = (where & SSL_CB_ALERT) != 0;
  const bool is_fatal = value >> 8 == SSL3_AL_FATAL;
  const int description = value & 0xff;
  try {
    if (is_alert && (where & SSL_CB_READ) != 0 && is_fatal) {
      engine.problem_ = words_of_alert(description);
      engine.is_certificate_refused_ = is_of_certificate(description);
    } else if (is_alert && description == SSL_AD_NO_RENEGOTIATION) {
      engine.problem_ = "the peer asked to renegotiate";
    }
  } catch (...) {
    engine.is_out_of_memory_ = true;
  }
}

void TlsEngine::on_message(int is_write, int, int type, const void* data, std::size_t size,
                           SSL* ssl, void*) {
  if (is_write != 0 || type != SSL3_RT_HANDSHAKE || size == 0) return;
  if (*static_cast<const unsigned char*>(data) != SSL3_MT_KEY_UPDATE) return;
  TlsEngine& engine = of(ssl);
  if (++engine.key_updates_ < most_key_updates) return;
  try {
    engine.problem_ = "the peer changes its keys, and sends nothing";
  } catch (...) {
    engine.is_out_of_memory_ = true;
  }
}

int TlsEngine::on_verification(int is_valid, X509_STORE_CTX* store) {
  if (is_valid != 0) return 1;
  const auto* ssl = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  TlsEngine& engine = of(ssl);
  try {
    engine.is_certificate_refused_ = true;
    engine.problem_ = words_of_verification(*store, engine.name_);
  } catch (...) {
    engine.is_out_of_memory_ = true;
  }
  return 0;
}

int TlsEngine::on_ticket(SSL* ssl, SSL_SESSION* session) {
  TlsEngine& engine = of(ssl);
  if (!engine.tickets_) return 0;
  SSL_SESSION_up_ref(session);
  try {
    engine.tickets_->keep(engine.name_, SessionPtr(session));
  } catch (...) {
    // There's no memory for it: the next connection just takes longer.
  }
  return 0;
}

}  // namespace simws::transport
