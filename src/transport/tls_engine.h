// One end of a TLS connection as arithmetic on bytes: it knows no stream and no loop.
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"
#include "transport/tls_info.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

struct bio_method_st;
struct bio_st;
struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;
struct x509_store_ctx_st;

namespace simws::transport {

// The tickets that servers gave to a client, by which it comes back faster.
class TlsTickets;

// What comes from the peer is taken from the front of `input`, what goes to it is appended to
// `output`, in every call of these.
class TlsEngine {
 public:
  // Of a call: what it was asked for is done; needs more input; the peer has said that it sends no
  // more (close_notify); or TLS has failed, as `failure` says, and only the alert in `output` is
  // still to be sent.
  enum class Outcome : std::uint8_t { done, hungry, finished, failed };
  // `done`: there may be more. `hungry` with a size: that was all.
  struct Reading {
    Outcome outcome = Outcome::hungry;
    std::size_t size = 0;  // of what was decrypted
  };

  // As the context says. Null: out of memory.
  static std::unique_ptr<TlsEngine> make_server(ssl_ctx_st& context);
  // `name`: whom to speak to, a DNS name or an address.
  static std::unique_ptr<TlsEngine> make_client(ssl_ctx_st& context, const std::string& name,
                                                std::shared_ptr<TlsTickets> tickets);
  // What engines need of their context; part of making one. False: out of memory.
  static bool prepare(ssl_ctx_st& context);
  ~TlsEngine();
  TlsEngine(const TlsEngine&) = delete;
  TlsEngine& operator=(const TlsEngine&) = delete;

  Outcome shake_hands(Bytes& input, Buffer& output);
  // REQUIRES for all of these: hands are shaken.
  Reading read(Bytes& input, MutableBytes plain, Buffer& output);
  // All of it, as records of up to 16 KiB. False: failed.
  bool write(Bytes plain, Buffer& output);
  // Tells the peer that nothing more will come (close_notify).
  void finish(Buffer& output);
  // Records are longer by this than what they carry.
  std::size_t record_overhead() const;
  TlsInfo info() const;

  // In words.
  const std::string& failure() const { return failure_; }
  // By this side or the peer.
  bool was_certificate_refused() const { return is_certificate_refused_; }

 private:
  class Call;
  TlsEngine() = default;
  static std::unique_ptr<TlsEngine> make(ssl_ctx_st& context);
  bool expect(const std::string& name);
  Outcome outcome_of(int result);
  Outcome fail(std::string reason);
  std::string words_of_failure(int error) const;

  // OpenSSL's callbacks.
  static const bio_method_st* method();
  static TlsEngine& of(const ssl_st* ssl);
  static int take_input(bio_st* bio, char* target, int size);
  static int add_output(bio_st* bio, const char* data, int size);
  static long control(bio_st* bio, int command, long number, void* pointer);
  static void on_info(const ssl_st* ssl, int where, int value);
  static void on_message(int is_write, int version, int type, const void* data, std::size_t size,
                         ssl_st* ssl, void* argument);
  static int on_verification(int is_valid, x509_store_ctx_st* store);
  static int on_ticket(ssl_st* ssl, ssl_session_st* session);

  ssl_st* ssl_ = nullptr;
  Bytes* input_ = nullptr;    // of the call under way
  Buffer* output_ = nullptr;  // so too
  std::shared_ptr<TlsTickets> tickets_;
  std::string name_;     // whom a client speaks to
  std::string problem_;  // what a callback found
  std::string failure_;
  std::uint8_t key_updates_ = 0;  // since something came
  bool is_out_of_memory_ = false;
  bool is_certificate_refused_ = false;
};

}  // namespace simws::transport
