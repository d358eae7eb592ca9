#include "host/commands/quick_server.h"

#include "base/log.h"
#include "host/commands/end_signals.h"
#include "host/commands/number_checks.h"
#include "host/log_level_option.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <utility>

namespace simws::host {

void QuickServer::add_to(CLI::App& app, Port port) {
  const bool is_option = port == Port::option;
  app.add_option(is_option ? "--port" : "PORT", port_, "Where to listen; 0 picks a free port")
      ->type_name(is_option ? "PORT" : "")
      ->check(check_listen_port)
      ->capture_default_str();
  auto* const host =
      app.add_option("--host", options_.host,
                     "IP address to listen on. Without it only programs of this machine connect")
          ->type_name("ADDRESS");
  app.add_flag_callback(
         "--lan", [this] { options_.host = "*"; }, "Let other machines of the network connect")
      ->excludes(host);
  app.add_option("--origin", options_.origins,
                 "Host whose pages may connect besides the server's own and this machine's; null "
                 "for pages opened from files, * for any. Can be given more than once")
      ->type_name("ORIGIN")
      ->take_all()
      ->allow_extra_args(false);
  add_names(app);
  add_tls(app);
  add_log_level_option(app, log_level_);
}

// By their names as options of servers, which is how the log and refusals call them.
void QuickServer::add_names(CLI::App& app) {
  app.add_option(
         "--hosts", options_.hosts,
         "Name that this server is reached by besides this machine's, as behind a proxy. Can "
         "be given more than once")
      ->type_name("NAME")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option(
         "--trusted-proxies", options_.trusted_proxies,
         "Address or network of a proxy whose X-Forwarded-For says who connects. Can be given "
         "more than once")
      ->type_name("ADDRESS")
      ->take_all()
      ->allow_extra_args(false);
}

void QuickServer::add_tls(CLI::App& app) {
  auto* const local = app.add_flag(
      "--tls", tls_.local, "Encrypt, with a certificate of your own authority: see simws cert");
  auto* const certificate =
      app.add_option("--certificate", tls_.certificate,
                     "Encrypt, with the certificate in this PEM file, with its chain")
          ->type_name("FILE")
          ->excludes(local);
  app.add_option("--private-key", tls_.private_key,
                 "PEM file of the private key, if it's not in the certificate's")
      ->type_name("FILE")
      ->needs(certificate);
}

Logger QuickServer::logger() const {
  return make_stderr_logger(log_level_);
}

int QuickServer::run(ServerHandlers handlers, std::string note,
                     const std::function<Result<void>(Server&, EventLoop&)>& prepare,
                     const std::function<void()>& finish) {
  options_.logger = logger();
  options_.start_note = std::move(note);
  if (tls_.local || !tls_.certificate.empty()) options_.tls = tls_;
  EventLoop loop;
  const EndSignals signals(loop);
  const Seconds close_timeout = options_.close_timeout;
  auto server = Server::listen(loop, port_, std::move(options_), std::move(handlers));
  if (!server) {
    std::cerr << "simws: " << server.error().message << '\n';
    return 1;
  }
  if (const auto prepared = prepare ? prepare(**server, loop) : Result<void>(); !prepared) {
    std::cerr << "simws: " << prepared.error().message << '\n';
    return 1;
  }
  loop.run();
  if (finish) finish();
  server->reset();
  loop.drain(close_timeout);
  return 0;
}

}  // namespace simws::host
