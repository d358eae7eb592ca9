// The client's end of TLS on a connection of the load generator: a change of bytes on their way.
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"
#include "transport/tls_engine.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace simws::load {

using TlsContext = std::shared_ptr<ssl_ctx_st>;

// `ca`: PEM file of authorities to trust; empty: the system's.
TlsContext make_tls_context(const std::string& ca, bool verify);

// What goes to the server is appended to `out`. All of these give up when TLS fails.
class TlsEnd {
 public:
  using Take = std::function<void(std::string_view)>;

  // `host`: whom the certificate must name.
  TlsEnd(const TlsContext& context, const std::string& host);

  void begin(std::string& out);
  // What is to be sent before hands are shaken waits until then.
  void encrypt(std::string_view plain, std::string& out);
  void decrypt(std::string_view bytes, std::string& out, const Take& take);
  // The server has said that it sends no more.
  bool is_finished() const { return is_finished_; }

 private:
  void shake_hands(Bytes& input);
  void read(Bytes& input, const Take& take);
  void check(transport::TlsEngine::Outcome outcome) const;
  void write(std::string_view plain);
  void hand_over(std::string& out);

  TlsContext context_;
  std::unique_ptr<transport::TlsEngine> engine_;
  Buffer records_;
  std::string waiting_;
  bool is_open_ = false;
  bool is_finished_ = false;
};

}  // namespace simws::load
