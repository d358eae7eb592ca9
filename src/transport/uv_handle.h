// Ownership of libuv's handles.
#pragma once

#include <uv.h>

#include <memory>

namespace simws::transport {

// The object that a handle's `data` points to, so that a loop can end what outlives it.
class HandleOwner {
 public:
  // Closes the handles it owns.
  virtual void loop_ends() = 0;

 protected:
  ~HandleOwner() = default;
};

// libuv closes a handle in a later turn: so its memory is freed by its close callback. `data` is
// null from now on, for callbacks under way.
struct CloseHandle {
  template <typename Handle>
  void operator()(Handle* handle) const {
    handle->data = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(handle), [](uv_handle_t* closed) {
      const std::unique_ptr<Handle> freed(reinterpret_cast<Handle*>(closed));
    });
  }
};

template <typename Handle>
using HandlePtr = std::unique_ptr<Handle, CloseHandle>;

}  // namespace simws::transport
