#include "dispatch/dispatcher.h"

#include "dispatch/dispatcher_impl.h"

namespace simws::dispatch {

Dispatcher::Dispatcher(Network& network, EventHandler& handler)
    : impl_(std::make_unique<Impl>(network, handler)) {}
Dispatcher::~Dispatcher() = default;

Result<ServerId> Dispatcher::start(int port, ServerOptions options) {
  return impl_->start(port, std::move(options));
}
Result<void> Dispatcher::stop(ServerId server) {
  return impl_->stop(server);
}
void Dispatcher::stop_all() {
  impl_->stop_all();
}

Result<bool> Dispatcher::send(ServerId server, ConnectionId connection, std::string_view data,
                              Opcode opcode, bool fin) {
  return impl_->send(server, connection, data, opcode, fin);
}
Result<bool> Dispatcher::close(ServerId server, ConnectionId connection, CloseCode code,
                               std::string_view reason) {
  return impl_->close(server, connection, code, reason);
}
Result<bool> Dispatcher::respond(ServerId server, ConnectionId connection,
                                 const HttpResponse& response) {
  return impl_->respond(server, connection, response);
}
Result<std::size_t> Dispatcher::broadcast(ServerId server, std::string_view data, Opcode opcode) {
  return impl_->broadcast(server, data, opcode);
}

Result<std::vector<ConnectionId>> Dispatcher::connections(ServerId server) const {
  return impl_->connections(server);
}
Result<ConnectionInfo> Dispatcher::connection_info(ServerId server, ConnectionId connection) const {
  return impl_->connection_info(server, connection);
}
Result<ServerInfo> Dispatcher::server_info(ServerId server) const {
  return impl_->server_info(server);
}
bool Dispatcher::is_serving() const {
  return impl_->is_serving();
}

bool Dispatcher::has_events() const {
  return impl_->has_events();
}
std::size_t Dispatcher::deliver(Seconds budget) {
  return impl_->deliver(budget);
}
void Dispatcher::wait(Seconds timeout) {
  impl_->wait(timeout);
}
int Dispatcher::fileno() {
  return impl_->fileno();
}
std::size_t Dispatcher::serve(Seconds timeout) {
  return impl_->serve(timeout);
}
void Dispatcher::interrupt() {
  impl_->interrupt();
}
bool Dispatcher::is_delivering() const {
  return impl_->is_delivering();
}

}  // namespace simws::dispatch
