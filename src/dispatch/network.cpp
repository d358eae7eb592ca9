#include "dispatch/network.h"

#include <future>

namespace simws::dispatch {

namespace {

// Each stopped connection has its own close_timeout; this only bounds what they ask for.
constexpr Seconds longest_drain{60};

}  // namespace

Network::~Network() {
  loop_.stop_thread();
  loop_.drain(longest_drain);
}

void Network::drive_by_thread() {
  if (!loop_.has_thread()) loop_.start_thread();
}

void Network::drive_by_caller() { loop_.stop_thread(); }

void Network::call(const std::function<void()>& task) {
  if (is_driven_by_caller()) return task();
  std::promise<void> done;
  loop_.post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace simws::dispatch
