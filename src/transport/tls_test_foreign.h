// OpenSSL's own end of TLS, for tests: independent of what is tested.
#pragma once

#include "transport/tls_openssl.h"

#include <openssl/err.h>

#include <string>
#include <string_view>
#include <utility>

namespace simws::transport {

// Its bytes lie in memory.
class ForeignTls {
 public:
  ForeignTls(SSL_CTX& context, bool is_server) : ssl_(SSL_new(&context)) {
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    is_server ? SSL_set_accept_state(ssl_.get()) : SSL_set_connect_state(ssl_.get());
  }

  // Takes what has come; returns what is to be sent.
  std::string exchange(std::string_view received) {
    ERR_clear_error();
    BIO_write(SSL_get_rbio(ssl_.get()), received.data(), static_cast<int>(received.size()));
    if (SSL_is_init_finished(ssl_.get()) == 0) note(SSL_do_handshake(ssl_.get()));
    if (SSL_is_init_finished(ssl_.get()) != 0) {
      write_waiting();
      read();
    }
    return take_output();
  }
  void write(std::string_view text) { waiting_ += text; }
  // Says that nothing more follows.
  void finish() { is_finishing_ = true; }
  std::string take_plain() { return std::exchange(plain_, {}); }
  bool is_ready() const { return SSL_is_init_finished(ssl_.get()) != 0; }
  bool saw_close_notify() const {
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }
  // OpenSSL's words; empty: none.
  const std::string& failure() const { return failure_; }
  SSL* ssl() const { return ssl_.get(); }

 private:
  void write_waiting() {
    if (!waiting_.empty()) {
      note(SSL_write(ssl_.get(), waiting_.data(), static_cast<int>(waiting_.size())));
      waiting_.clear();
    }
    if (std::exchange(is_finishing_, false)) SSL_shutdown(ssl_.get());
  }
  void read() {
    char part[16384];
    int size;
    while ((size = SSL_read(ssl_.get(), part, sizeof part)) > 0) {
      plain_.append(part, static_cast<std::size_t>(size));
    }
    note(size);
  }
  void note(int result) {
    if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_SSL || !failure_.empty()) return;
    failure_ = take_tls_error();
  }
  std::string take_output() {
    char* data = nullptr;
    BIO* const bio = SSL_get_wbio(ssl_.get());
    const long size = BIO_get_mem_data(bio, &data);
    std::string output(data, static_cast<std::size_t>(size));
    BIO_reset(bio);
    return output;
  }

  SslPtr ssl_;
  std::string waiting_;
  std::string plain_;
  std::string failure_;
  bool is_finishing_ = false;
};

// What a test's foreign end is made with.
inline SslContextPtr make_foreign_context(int version) {
  SslContextPtr context(SSL_CTX_new(TLS_method()), FreedBy<SSL_CTX_free>());
  SSL_CTX_set_min_proto_version(context.get(), version);
  SSL_CTX_set_max_proto_version(context.get(), version);
  return context;
}

}  // namespace simws::transport
