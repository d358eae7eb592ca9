// OpenSSL's client on the network in memory, in the place of a plain peer, and what happens to its
// bytes on the way.
#pragma once

#include "transport/memory.h"
#include "transport/tls_test_foreign.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace simws::endpoint::test {

// Of what the client puts on the wire, its TLS handshake included.
struct OnTheWire {
  static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

  std::size_t portion = never;    // arrives at once, at the most
  std::size_t cut_after = never;  // so many bytes arrive, then the connection ends
  bool cut_by_reset = false;
  std::size_t changed_at = never;  // one bit of this byte is another
};

class TlsMemoryPeer final : public transport::MemoryPeer {
 public:
  // Shakes hands, as far as the server does.
  TlsMemoryPeer(transport::MemoryLoop& loop, SSL_CTX& context,
                std::unique_ptr<transport::MemoryPeer> wire, const OnTheWire& way = {})
      : loop_(loop), tls_(context, false), wire_(std::move(wire)), way_(way) {
    if (way_.cut_after == 0) cut();
    while (step()) {
    }
  }

  void send(std::string_view data) override {
    tls_.write(data);
    say(tls_.exchange(""));
  }
  // With close_notify.
  void finish() override {
    tls_.finish();
    say(tls_.exchange(""));
    wire_->finish();
  }
  void reset() override { wire_->reset(); }
  // Goes on until something has come, or nothing more does: records may come in parts.
  std::string take() override {
    bool moves = true;
    std::string plain;
    while (plain.empty() && moves) {
      moves = step();
      plain = tls_.take_plain();
    }
    return plain;
  }
  void set_window(std::size_t bytes) override { wire_->set_window(bytes); }
  bool saw_end() const override { return wire_->saw_end(); }
  bool saw_reset() const override { return wire_->saw_reset(); }
  bool is_read() const override { return wire_->is_read(); }

  transport::ForeignTls& tls() { return tls_; }
  // Ends as whoever is on the way could: without close_notify.
  void cut_off() { wire_->finish(); }
  // So far.
  std::size_t bytes_on_wire() const { return said_; }
  // Says what TLS itself has to say, and hears the answer.
  bool step() {
    const std::string came = wire_->take();
    const std::string said = tls_.exchange(came);
    say(said);
    loop_.run_until_idle();
    return !came.empty() || !said.empty();
  }

 private:
  void say(std::string bytes) {
    if (way_.changed_at - said_ < bytes.size()) bytes[way_.changed_at - said_] ^= 0x20;
    std::string_view rest = bytes;
    while (!rest.empty() && said_ < way_.cut_after) {
      const std::size_t size = std::min(way_.portion, way_.cut_after - said_);
      const std::string_view portion = rest.substr(0, size);
      wire_->send(portion);
      said_ += portion.size();
      rest.remove_prefix(portion.size());
      if (said_ == way_.cut_after) cut();
    }
  }
  void cut() { way_.cut_by_reset ? wire_->reset() : wire_->finish(); }

  transport::MemoryLoop& loop_;
  transport::ForeignTls tls_;
  std::unique_ptr<transport::MemoryPeer> wire_;
  const OnTheWire way_;
  std::size_t said_ = 0;
};

}  // namespace simws::endpoint::test
