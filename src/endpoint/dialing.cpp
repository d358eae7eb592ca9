#include "endpoint/dialing.h"

#include <algorithm>
#include <utility>

namespace simws::endpoint {

namespace {

// What a name may cost, whoever answers for it.
constexpr std::size_t most_addresses = 16;

}  // namespace

std::vector<transport::Address> interleave(const std::vector<transport::Address>& addresses) {
  std::vector<transport::Address> result;
  result.reserve(addresses.size());
  const auto add_next = [&](auto& from, bool is_ipv6) {
    from = std::find_if(from, addresses.end(),
                        [&](const auto& address) { return address.is_ipv6 == is_ipv6; });
    if (from != addresses.end()) result.push_back(*from++);
  };
  if (addresses.empty()) return result;
  const bool first_is_ipv6 = addresses.front().is_ipv6;
  auto first = addresses.begin(), second = addresses.begin();
  while (result.size() < addresses.size()) {
    add_next(first, first_is_ipv6);
    add_next(second, !first_is_ipv6);
  }
  return result;
}

Dialing::Dialing(transport::Loop& loop, const std::string& host, int port,
                 transport::ConnectHandler on_done)
    : loop_(loop),
      host_(host),
      on_done_(std::move(on_done)),
      lookup_(loop.look_up(host, port, [this](Result<std::vector<transport::Address>> result) {
        guard([&] {
          if (result) return begin(std::move(result).value());
          finish(Error{result.error().code, "the name '" + host_ + "' could not be looked up: " +
                                                result.error().message});
        });
      })) {}

// Where memory has run out, that's the outcome.
template <typename Work>
void Dialing::guard(Work&& work) noexcept {
  try {
    work();
  } catch (...) {
    finish(Error{ErrorCode::unavailable, "out of memory"});
  }
}

void Dialing::begin(std::vector<transport::Address> addresses) {
  addresses_ = interleave(addresses);
  if (addresses_.size() > most_addresses) addresses_.resize(most_addresses);
  if (addresses_.size() > 1) timer_ = loop_.make_timer([this] { guard([&] { try_next(); }); });
  try_next();
}

void Dialing::try_next() {
  const std::size_t attempt = attempts_.size();
  if (attempt == addresses_.size()) return;
  attempts_.push_back(nullptr);
  attempts_.back() = loop_.connect(addresses_[attempt], [this, attempt](auto result) {
    guard([&] { on_connected(attempt, std::move(result)); });
  });
  if (attempts_.size() < addresses_.size()) timer_->start(loop_.now() + attempt_delay);
}

void Dialing::on_connected(std::size_t attempt, Result<std::unique_ptr<transport::Stream>> result) {
  if (result) return finish(std::move(result));
  attempts_[attempt].reset();
  ++failed_;
  note_failure(addresses_[attempt], result.error());
  if (failed_ == addresses_.size()) return finish(Error{result.error().code, failures_});
  try_next();
}

void Dialing::note_failure(const transport::Address& address, const Error& error) {
  failures_.append(failures_.empty() ? "could not connect to " : "; nor to ");
  failures_.append(address.to_string());
  const bool shows_name = failed_ == 1 && host_ != address.ip_to_string();
  if (shows_name) failures_.append(" (").append(host_).append(")");
  failures_.append(": ").append(error.message);
}

// The handler may destroy this.
void Dialing::finish(Result<std::unique_ptr<transport::Stream>> result) {
  timer_.reset();
  attempts_.clear();
  const transport::ConnectHandler on_done = std::exchange(on_done_, nullptr);
  on_done(std::move(result));
}

}  // namespace simws::endpoint
