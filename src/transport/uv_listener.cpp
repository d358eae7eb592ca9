#include "transport/uv_listener.h"

#include "transport/task_queue.h"
#include "transport/uv_loop.h"
#include "transport/uv_stream.h"

#include <utility>

namespace simws::transport {
namespace {

// So that a flood of connections leaves the others their turn: a third of a millisecond goes by.
constexpr int max_accepts_per_turn = 32;

}  // namespace

Result<std::unique_ptr<Listener>> UvListener::make(UvLoop& loop, const Address& address,
                                                   AcceptHandler on_accept) {
  Result<Socket> socket = Socket::listen(address);
  if (!socket) return std::move(socket).error();
  auto handle = std::make_unique<uv_poll_t>();
  const int error = uv_poll_init_socket(loop.uv(), handle.get(), socket->descriptor());
  if (error != 0) return Error{ErrorCode::unavailable, uv_strerror(error)};
  HandlePtr<uv_poll_t> owned(handle.release());
  return std::unique_ptr<Listener>(
      new UvListener(loop, std::move(socket).value(), std::move(on_accept), std::move(owned)));
}

UvListener::UvListener(UvLoop& loop, Socket socket, AcceptHandler on_accept,
                       HandlePtr<uv_poll_t> handle)
    : loop_(loop),
      handle_(std::move(handle)),
      retry_(new uv_timer_t{}),
      socket_(std::move(socket)),
      address_(socket_.local_address()),
      handlers_(std::make_shared<Handlers>(Handlers{std::move(on_accept), nullptr})) {
  uv_timer_init(loop.uv(), retry_.get());
  handle_->data = retry_->data = static_cast<HandleOwner*>(this);
  watch();
}

void UvListener::loop_ends() {
  handle_.reset();
  retry_.reset();
  socket_ = Socket();
}

void UvListener::set_shortage_handler(ShortageHandler on_shortage) {
  handlers_->on_shortage = std::move(on_shortage);
}

// Null: it has been destroyed.
UvListener* UvListener::of(const uv_poll_t* handle) {
  return handle->data ? static_cast<UvListener*>(static_cast<HandleOwner*>(handle->data)) : nullptr;
}

void UvListener::watch() {
  uv_poll_start(handle_.get(), UV_READABLE, [](uv_poll_t* handle, int status, int) {
    accept_some(handle);
    // After an error libuv no longer watches.
    if (UvListener* const self = of(handle); self && status < 0) self->pause();
  });
}

void UvListener::pause() {
  uv_poll_stop(handle_.get());
  const auto again = [](uv_timer_t* timer) {
    auto& self = *static_cast<UvListener*>(static_cast<HandleOwner*>(timer->data));
    self.watch();
    accept_some(self.handle_.get());
  };
  uv_timer_start(retry_.get(), again, retry_interval.count(), 0);
}

void UvListener::accept_some(const uv_poll_t* handle) {
  for (int i = 0; i < max_accepts_per_turn; ++i) {
    UvListener* const self = of(handle);
    if (!self || !self->accept_one()) return;
  }
}

// False: there's none, or none can be had.
bool UvListener::accept_one() {
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
    auto stream = UvStream::make(loop_, std::move(socket), from);
    if (stream) handlers->on_accept(std::move(stream));
  });
  return true;
}

// Systems look for a descriptor before they look for a connection, so an empty queue shows that
// there is one.
void UvListener::note_refusal(int error) {
  if (would_block(error)) return tell(Shortage::none);
  pause();
  tell(lacks_descriptors(error) ? Shortage::descriptors : Shortage::memory);
}

void UvListener::tell(Shortage shortage) {
  if ((told_ == Shortage::none) == (shortage == Shortage::none)) return;
  told_ = shortage;
  loop_.note_event();
  const auto handlers = handlers_;
  if (handlers->on_shortage) run_task([&] { handlers->on_shortage(shortage); });
}

}  // namespace simws::transport
