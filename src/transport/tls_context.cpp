#include "transport/tls_context.h"

#include "transport/file_stamp.h"
#include "transport/tls_engine.h"
#include "transport/tls_settings.h"
#include "transport/tls_stream.h"
#include "transport/tls_tickets.h"

#include <array>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>

namespace simws::transport {

namespace {

constexpr Duration check_interval = std::chrono::seconds(1);

// What throws in it: memory ran out.
template <typename Make>
auto guarded(const Make& make) -> decltype(make()) {
  try {
    return make();
  } catch (const std::exception&) {
    return Error{ErrorCode::unavailable, "TLS: out of memory"};
  }
}

void tell(const TlsNewsHandler& on_news, TlsNews news, const std::string& text) {
  if (on_news) on_news(news, text);
}

// Of the files that options name.
using Stamps = std::array<FileStamp, 3>;

template <typename... Files>
Stamps stamps_of(const Files&... files) {
  return {FileStamp::of(files)...};
}

// What is loaded takes the place of `context`; where it can't be, that one stays.
template <typename Load>
Result<void> load_into(SslContextPtr& context, const TlsNewsHandler& on_news, const Load& load) {
  auto loaded = guarded(load);
  if (!loaded) return std::move(loaded).error();
  context = std::move(loaded->context);
  if (loaded->warning) tell(on_news, TlsNews::warning, *loaded->warning);
  return {};
}

class ServerContext final : public TlsServer {
 public:
  ServerContext(Loop& loop, TlsServerOptions options, TlsNewsHandler on_news,
                PlainHttpAnswer answer)
      : loop_(loop),
        options_(std::move(options)),
        on_news_(std::move(on_news)),
        answer_(std::make_shared<const PlainHttpAnswer>(std::move(answer))),
        desk_(std::make_shared<TlsDesk>(loop)),
        stamps_(stamps()),
        next_check_(loop.now() + check_interval),
        second_look_(loop.make_timer([this] { look_at_files(); })) {}

  Result<void> load() {
    return load_into(context_, on_news_, [this] { return load_server_context(options_); });
  }

  std::unique_ptr<Stream> accept(std::unique_ptr<Stream> stream) override {
    look_at_files();
    auto make_engine = [context = context_] { return TlsEngine::make_server(*context); };
    return std::make_unique<TlsStream>(desk_, std::move(stream),
                                       TlsOpening{{}, std::move(make_engine), answer_});
  }

 private:
  Stamps stamps() const {
    return stamps_of(options_.certificate, options_.private_key, options_.client_ca);
  }

  // Files may be replaced one after the other, and not at once: what can't be used now may be with
  // the next look, whether somebody comes until then or not. Only when nothing has changed by then
  // is it told of.
  void look_at_files() {
    if (loop_.now() < next_check_) return;
    next_check_ = loop_.now() + check_interval;
    if (const Stamps now = stamps(); now != stamps_) {
      stamps_ = now;
      return reload();
    }
    if (problem_) tell(on_news_, TlsNews::broken, std::exchange(problem_, std::nullopt).value());
  }

  void reload() {
    problem_.reset();
    if (const auto loaded = load(); !loaded) {
      problem_ = loaded.error().message + "; the certificate before stays in use";
      return second_look_->start(next_check_);
    }
    tell(on_news_, TlsNews::reloaded, "'" + options_.certificate + "': reloaded");
  }

  Loop& loop_;
  const TlsServerOptions options_;
  const TlsNewsHandler on_news_;
  const std::shared_ptr<const PlainHttpAnswer> answer_;
  const std::shared_ptr<TlsDesk> desk_;
  SslContextPtr context_;
  Stamps stamps_;  // of what was loaded, or tried
  Time next_check_;
  std::optional<std::string> problem_;  // with it, not told yet
  const std::unique_ptr<Timer> second_look_;
};

class ClientContext final : public TlsClient {
 public:
  ClientContext(Loop& loop, TlsClientOptions options)
      : desk_(std::make_shared<TlsDesk>(loop)),
        options_(std::move(options)),
        stamps_(stamps()),
        tickets_(std::make_shared<TlsTickets>()) {}

  Result<void> load(const TlsNewsHandler& on_news) {
    return load_into(context_, on_news, [this] { return load_client_context(options_); });
  }

  std::unique_ptr<Stream> connect(std::unique_ptr<Stream> stream,
                                  const std::string& host) override {
    const std::string& name = options_.server_name.empty() ? host : options_.server_name;
    auto engine = TlsEngine::make_client(*context_, name, tickets_);
    if (!engine) return nullptr;
    return std::make_unique<TlsStream>(desk_, std::move(stream), std::move(engine));
  }

  bool is_current() const override { return stamps() == stamps_; }

 private:
  Stamps stamps() const {
    return stamps_of(options_.ca, options_.certificate, options_.private_key);
  }

  const std::shared_ptr<TlsDesk> desk_;
  const TlsClientOptions options_;
  const Stamps stamps_;  // of what was loaded
  SslContextPtr context_;
  const std::shared_ptr<TlsTickets> tickets_;
};

}  // namespace

Result<std::unique_ptr<TlsServer>> TlsServer::make(Loop& loop, TlsServerOptions options,
                                                   TlsNewsHandler on_news, PlainHttpAnswer answer) {
  auto server = std::make_unique<ServerContext>(loop, std::move(options), std::move(on_news),
                                                std::move(answer));
  if (auto loaded = server->load(); !loaded) return std::move(loaded).error();
  return std::unique_ptr<TlsServer>(std::move(server));
}

Result<void> TlsClient::check(const TlsClientOptions& options) {
  return check_client_options(options);
}

Result<std::unique_ptr<TlsClient>> TlsClient::make(Loop& loop, TlsClientOptions options,
                                                   const TlsNewsHandler& on_news) {
  if (auto checked = check(options); !checked) return std::move(checked).error();
  auto client = std::make_unique<ClientContext>(loop, std::move(options));
  if (auto loaded = client->load(on_news); !loaded) return std::move(loaded).error();
  return std::unique_ptr<TlsClient>(std::move(client));
}

}  // namespace simws::transport
