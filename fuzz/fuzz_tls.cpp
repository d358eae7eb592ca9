// A byte of settings and one that says which operation of the network fails, then a script of what
// both ends of TLS do, and what becomes of the bytes between them. However that is: each end has
// only what the other has written, in its order; ends are told once, and nothing after them; what
// waits stays little. Where nothing is changed, lost or ended, all arrives.
#include "check.h"
#include "transport/memory.h"
#include "transport/tls_context.h"
#include "transport/tls_test_certificates.h"
#include "transport/tls_test_foreign.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

using namespace simws;
using namespace simws::transport;
using fuzz::check;

namespace {

// Made once: keys take longer than what is fuzzed with them.
struct Material {
  TestCertificate certificate = make_certificate({});
  TestFolder folder;
  std::string certificate_file = folder.write("cert.pem", certificate.pem());
  std::string key_file = folder.write("key.pem", certificate.key_pem());
  SslContextPtr contexts[2] = {foreign(TLS1_2_VERSION), foreign(TLS1_3_VERSION)};

  SslContextPtr foreign(int version) const {
    SslContextPtr context = make_foreign_context(version);
    SSL_CTX_use_certificate(context.get(), certificate.certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), certificate.key.get());
    return context;
  }
};

const Material& material() {
  static const Material made;
  return made;
}

// What is written in one direction: text of which each part tells its place.
struct Written {
  std::string all;

  std::string next(std::size_t size) {
    std::string text;
    while (text.size() < size) text += std::to_string(all.size() + text.size()) + ' ';
    return text;
  }
};

// The end that is fuzzed.
class End final : public StreamHandler {
 public:
  explicit End(std::unique_ptr<Stream> made) : stream(std::move(made)) {
    stream->set_handler(this);
  }

  void on_data(MutableBytes data) override {
    check(is_heard && !has_ended);
    received += as_text(data);
    std::fill(data.begin(), data.end(), std::byte{0});
    if (stops_inside) stream->stop_reading();
    if (closes_inside) close();
  }
  void on_end(bool lost, std::string reason) override {
    check(is_heard && lost == !reason.empty() && (lost || !has_ended));
    has_ended = true;
    if (lost) is_heard = false;
    if (lost) stream->close();
  }
  void on_writable() override { check(is_heard); }
  void close() {
    is_heard = false;
    stream->close();
  }

  std::unique_ptr<Stream> stream;
  std::string received;
  bool is_heard = true;
  bool has_ended = false;
  bool stops_inside = false;
  bool closes_inside = false;
};

class Play {
 public:
  Play(bool is_server, bool is_1_3, std::size_t failing_operation)
      : foreign_(*material().contexts[is_1_3 ? 1 : 0], !is_server) {
    const Material& files = material();
    server_ =
        std::move(
            TlsServer::make(
                *loop_, {.certificate = files.certificate_file, .private_key = files.key_file},
                nullptr, [](std::string_view) { return transport::PlainHttpReply{"400\r\n\r\n"}; }))
            .value();
    client_ = std::move(TlsClient::make(*loop_, {.ca = files.certificate_file}, nullptr)).value();
    const auto listener = loop_->listen("127.0.0.1", 0, [&](std::unique_ptr<Stream> below) {
      end_ = std::make_unique<End>(is_server ? server_->accept(std::move(below))
                                             : client_->connect(std::move(below), "robot"));
    });
    wire_ = loop_->connect(listener.value()->address().port);
    loop_->run_until_idle();
    is_disturbed_ = failing_operation != 0;
    loop_->fail_operation(failing_operation);
  }

  void step(std::uint8_t code, std::string_view& rest) {
    const std::size_t size = (code >> 4) + std::size_t{1};
    switch (code & 15) {
      case 0:
        return end_->stream->start_reading();
      case 1:
        return end_->stream->stop_reading();
      case 2:
        return write(size * 7);
      case 3:
        return write(size * 5'000);
      case 4:
        return write_foreign(size * 7);
      case 5:
        return write_foreign(size * 5'000);
      case 6:
        return deliver(size);
      case 7:
        return deliver(size * 500);
      case 8:
        return deliver(std::string::npos);
      case 9:
        return insert(rest, size);
      case 10:
        return change(rest);
      case 11:
        return wire_->set_window(size < 16 ? size * size * 50 : std::string::npos);
      case 12:
        return end(size);
      case 13:
        return end_foreign(size);
      case 14:
        return rekey(size);
      default:
        end_->stops_inside = size % 2 == 0;
        end_->closes_inside = size == 16;
        is_disturbed_ = is_disturbed_ || end_->closes_inside;
    }
  }

  // What both ends can know of each other.
  void look() {
    loop_->run_until_idle();
    take();
    check(foreign_written_.all.starts_with(end_->received));
    check(written_.all.starts_with(foreign_received_));
    check(end_->stream->pending_bytes() < 150'000);
    const auto acknowledged = end_->stream->acknowledged_bytes();
    check(!acknowledged ||
          (*acknowledged >= acknowledged_ && *acknowledged <= written_.all.size()));
    acknowledged_ = acknowledged.value_or(acknowledged_);
  }

  void end() {
    if (is_disturbed_) return;
    end_->stops_inside = end_->closes_inside = false;
    wire_->set_window(std::string::npos);
    end_->stream->start_reading();
    for (int quiet = 0; quiet < 3; ++quiet) {
      if (deliver(std::string::npos), !coming_.empty()) quiet = 0;
      look();
    }
    check(end_->received == foreign_written_.all);
    check(foreign_received_ == written_.all);
  }

 private:
  void write(std::size_t size) {
    const std::string text = written_.next(size);
    Write write{end_->stream.get(), as_bytes(text)};
    if (size % 2 == 0) {
      loop_->write({&write, 1});
    } else {
      write.taken = end_->stream->write({&write.bytes, 1});
    }
    check(write.taken <= text.size());
    written_.all.append(text, 0, write.taken);
  }
  void write_foreign(std::size_t size) {
    if (is_foreign_ended_ || !foreign_.failure().empty()) return;
    const std::string text = foreign_written_.next(size);
    foreign_written_.all += text;
    foreign_.write(text);
  }
  // What has come to the foreign end, and what it says.
  void take() {
    coming_ += foreign_.exchange(wire_->take());
    foreign_received_ += foreign_.take_plain();
  }
  void deliver(std::size_t size) {
    take();
    const std::string bytes = coming_.substr(0, size);
    coming_.erase(0, bytes.size());
    if (!bytes.empty()) wire_->send(bytes);
  }
  void insert(std::string_view& rest, std::size_t size) {
    is_disturbed_ = true;
    wire_->send(rest.substr(0, size));
    rest.remove_prefix(std::min(rest.size(), size));
  }
  void change(std::string_view& rest) {
    take();
    if (rest.size() < 2 || coming_.empty()) return;
    is_disturbed_ = true;
    const auto at = static_cast<std::uint8_t>(rest[0]) * coming_.size() / 256;
    coming_[at] = static_cast<char>(coming_[at] ^ rest[1]);
    rest.remove_prefix(2);
  }
  void end(std::size_t how) {
    is_disturbed_ = true;
    if (how < 8) return end_->stream->finish_writing();
    end_->is_heard = false;
    how < 12 ? end_->stream->close() : end_->stream->reset();
  }
  void end_foreign(std::size_t how) {
    is_disturbed_ = is_foreign_ended_ = true;
    if (how < 6) return foreign_.finish();
    how < 11 ? wire_->finish() : wire_->reset();
  }
  void rekey(std::size_t how) {
    if (!foreign_.is_ready()) return;
    if (SSL_version(foreign_.ssl()) == TLS1_3_VERSION) {
      // Too many of them in a row end a connection.
      is_disturbed_ = is_disturbed_ || ++rekeys_ > 16;
      SSL_key_update(foreign_.ssl(), static_cast<int>(how % 2));
    } else if (SSL_renegotiate(foreign_.ssl()) == 1) {
      is_disturbed_ = true;
      SSL_do_handshake(foreign_.ssl());
    }
  }

  std::unique_ptr<MemoryLoop> loop_ = MemoryLoop::make();
  std::unique_ptr<TlsServer> server_;
  std::unique_ptr<TlsClient> client_;
  ForeignTls foreign_;
  std::unique_ptr<End> end_;
  std::unique_ptr<MemoryPeer> wire_;
  Written written_;
  Written foreign_written_;
  std::string foreign_received_;
  std::string coming_;  // from the foreign end, and not delivered
  std::uint64_t acknowledged_ = 0;
  int rekeys_ = 0;
  bool is_disturbed_ = false;
  bool is_foreign_ended_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 512) return 0;
  Play play((data[0] & 1) != 0, (data[0] & 2) != 0, data[1]);
  std::string_view script = as_text(fuzz::to_bytes(data + 2, size - 2));
  while (!script.empty()) {
    const auto code = static_cast<std::uint8_t>(script.front());
    script.remove_prefix(1);
    play.step(code, script);
    play.look();
  }
  play.end();
  return 0;
}
