#include "transport/socket_listener.h"

#include "transport/socket_stream.h"
#include "transport/task_queue.h"
#include "transport/uv_loop.h"

#include <utility>

namespace simws::transport {
namespace {

// So that a flood of connections leaves the others their turn: a third of a millisecond goes by.
constexpr int max_accepts_per_turn = 32;

}  // namespace

Result<std::unique_ptr<Listener>> SocketListener::make(UvLoop& loop, const Address& address,
                                                       AcceptHandler on_accept) {
  Result<Socket> socket = Socket::listen(address);
  if (!socket) return std::move(socket).error();
  std::unique_ptr<SocketListener> listener(
      new SocketListener(loop, std::move(socket).value(), std::move(on_accept)));
  SocketListener& self = *listener;
  if (auto added = loop.watches().add(self.socket_.descriptor(), self, readable); !added) {
    return std::move(added).error();
  }
  self.is_watched_ = true;
  return std::unique_ptr<Listener>(std::move(listener));
}

SocketListener::SocketListener(UvLoop& loop, Socket socket, AcceptHandler on_accept)
    : loop_(loop),
      retry_(new uv_timer_t{}),
      socket_(std::move(socket)),
      address_(socket_.local_address()),
      handlers_(std::make_shared<Handlers>(Handlers{std::move(on_accept), nullptr})) {
  uv_timer_init(loop.uv(), retry_.get());
  retry_->data = static_cast<HandleOwner*>(this);
}

void SocketListener::loop_ends() {
  if (is_watched_) loop_.watches().remove(socket_.descriptor());
  is_watched_ = false;
  retry_.reset();
  socket_ = Socket();
}

void SocketListener::set_shortage_handler(ShortageHandler on_shortage) {
  handlers_->on_shortage = std::move(on_shortage);
}

void SocketListener::on_ready(Events events) {
  const bool is_there = accept_some();
  if (is_there && (events & failed) != 0) pause();
}

void SocketListener::pause() {
  loop_.watches().change(socket_.descriptor(), 0);
  const auto again = [](uv_timer_t* timer) {
    auto& self = *static_cast<SocketListener*>(static_cast<HandleOwner*>(timer->data));
    self.resume();
  };
  uv_timer_start(retry_.get(), again, retry_interval.count(), 0);
}

void SocketListener::resume() {
  loop_.watches().change(socket_.descriptor(), readable);
  accept_some();
}

// False: it has been destroyed.
bool SocketListener::accept_some() {
  const std::weak_ptr<Handlers> handlers = handlers_;
  for (int i = 0; i < max_accepts_per_turn && !handlers.expired(); ++i) {
    if (!accept_one()) break;
  }
  return !handlers.expired();
}

// False: there's none, or none can be had.
bool SocketListener::accept_one() {
  Address from;
  int error = 0;
  Socket socket = socket_.accept(from, error);
  if (!socket.is_open()) {
    if (concerns_one_connection(error)) return true;
    note_refusal(error);
    return false;
  }
  loop_.note_event();
  const auto handlers = handlers_;
  run_task([&] {
    auto stream = SocketStream::make(loop_, std::move(socket), from);
    if (stream) handlers->on_accept(std::move(stream));
  });
  return true;
}

// Systems look for a descriptor before they look for a connection, so an empty queue shows that
// there is one.
void SocketListener::note_refusal(int error) {
  if (would_block(error)) return tell(Shortage::none);
  pause();
  tell(lacks_descriptors(error) ? Shortage::descriptors : Shortage::memory);
}

void SocketListener::tell(Shortage shortage) {
  if ((told_ == Shortage::none) == (shortage == Shortage::none)) return;
  told_ = shortage;
  loop_.note_event();
  const auto handlers = handlers_;
  if (handlers->on_shortage) run_task([&] { handlers->on_shortage(shortage); });
}

}  // namespace simws::transport
