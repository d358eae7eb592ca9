#include "transport/uv_handle.h"
#include "transport/watches.h"

#include <unordered_map>
#include <utility>

namespace simws::transport {
namespace {

int asked(Events events) {
  return ((events & readable) != 0 ? UV_READABLE : 0) |
         ((events & writable) != 0 ? UV_WRITABLE : 0);
}

Events told(int status, int events) {
  if (status < 0) return readable | writable | failed;
  return ((events & UV_READABLE) != 0 ? readable : 0U) |
         ((events & UV_WRITABLE) != 0 ? writable : 0U);
}

// One watched descriptor. Its handle's `data` is this; null once it isn't watched any more.
class UvWatch final : public HandleOwner {
 public:
  UvWatch(HandlePtr<uv_poll_t> handle, Watched& watched)
      : handle_(std::move(handle)), watched_(watched) {
    handle_->data = static_cast<HandleOwner*>(this);
  }
  void loop_ends() override { watched_.loop_ends(); }

  void change(Events events) {
    events_ = events;
    if (events == 0) {
      uv_poll_stop(handle_.get());
    } else {
      uv_poll_start(handle_.get(), asked(events), on_ready);
    }
  }

 private:
  // After a failure libuv watches no longer.
  static void on_ready(uv_poll_t* handle, int status, int events) {
    auto& self = *static_cast<UvWatch*>(static_cast<HandleOwner*>(handle->data));
    self.watched_.on_ready(told(status, events));
    const bool is_watched = handle->data != nullptr;
    if (status < 0 && is_watched) self.change(self.events_);
  }

  HandlePtr<uv_poll_t> handle_;
  Watched& watched_;
  Events events_ = 0;
};

class UvWatches final : public Watches {
 public:
  UvWatches(uv_loop_t& loop, WaitHooks& hooks);
  Result<void> add(Descriptor descriptor, Watched& watched, Events events) override;
  void change(Descriptor descriptor, Events events) noexcept override {
    watches_.at(descriptor).change(events);
  }
  void remove(Descriptor descriptor) noexcept override { watches_.erase(descriptor); }
  void end() override;
  void turn(bool waits) override { uv_run(&loop_, waits ? UV_RUN_ONCE : UV_RUN_NOWAIT); }
  bool has_more() const override { return false; }
  int descriptor() const override { return uv_backend_fd(&loop_); }

 private:
  uv_loop_t& loop_;
  WaitHooks& hooks_;
  HandlePtr<uv_prepare_t> before_wait_{new uv_prepare_t{}};
  HandlePtr<uv_check_t> after_wait_{new uv_check_t{}};
  std::unordered_map<Descriptor, UvWatch> watches_;
};

UvWatches::UvWatches(uv_loop_t& loop, WaitHooks& hooks) : loop_(loop), hooks_(hooks) {
  uv_prepare_init(&loop_, before_wait_.get());
  uv_check_init(&loop_, after_wait_.get());
  before_wait_->data = after_wait_->data = this;
  uv_prepare_start(before_wait_.get(), [](uv_prepare_t* handle) {
    auto& self = *static_cast<UvWatches*>(handle->data);
    if (!self.hooks_.before_wait()) uv_stop(&self.loop_);
  });
  uv_check_start(after_wait_.get(), [](uv_check_t* handle) {
    static_cast<UvWatches*>(handle->data)->hooks_.after_wait();
  });
}

Result<void> UvWatches::add(Descriptor descriptor, Watched& watched, Events events) {
  auto handle = std::make_unique<uv_poll_t>();
  const int error = uv_poll_init_socket(&loop_, handle.get(), descriptor);
  if (error != 0) return Error{ErrorCode::unavailable, uv_strerror(error)};
  HandlePtr<uv_poll_t> owned(handle.release());
  const auto [place, is_new] = watches_.try_emplace(descriptor, std::move(owned), watched);
  place->second.change(events);
  return {};
}

void UvWatches::end() {
  while (!watches_.empty()) watches_.begin()->second.loop_ends();
}

}  // namespace

std::unique_ptr<Watches> watch_by_libuv(uv_loop_t& loop, WaitHooks& hooks) {
  return std::make_unique<UvWatches>(loop, hooks);
}

}  // namespace simws::transport
