#include "endpoint/handshake_rate.h"

#include <algorithm>
#include <chrono>

namespace simws::endpoint {

bool HandshakeRate::admit(const transport::Address& address, Time now) {
  if (per_second_ == 0) return true;
  forget_old(now);
  const Key key = key_of(address);
  if (!windows_.contains(key)) add(key, now);
  return ++windows_[key].count <= per_second_;
}

HandshakeRate::Key HandshakeRate::key_of(const transport::Address& address) {
  constexpr std::ptrdiff_t network_size = 8;
  Key key{};
  const auto begin = address.ip.begin();
  std::copy(begin, address.is_ipv6 ? begin + network_size : address.ip.end(), key.begin());
  key.back() = address.is_ipv6 ? 1 : 0;
  return key;
}

void HandshakeRate::forget_old(Time now) {
  while (!order_.empty()) {
    const auto oldest = windows_.find(order_.front());
    const bool is_over =
        oldest == windows_.end() || now - oldest->second.begin >= std::chrono::seconds(1);
    if (!is_over && windows_.size() < most_addresses) return;
    if (oldest != windows_.end()) windows_.erase(oldest);
    order_.pop_front();
  }
}

void HandshakeRate::add(const Key& key, Time now) {
  order_.push_back(key);
  windows_.emplace(key, Window{now, 0});
}

}  // namespace simws::endpoint
