// Reaches a host by its name: its addresses are looked up and tried as RFC 8305 says, the families
// in turn, each address when the one before has failed or 250 ms after it has begun. The first that
// is connected wins.
#pragma once

#include "transport/loop.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace simws::endpoint {

// Destroying it, which its handler may do, ends all of it. Sets no limit of time of its own.
class Dialing {
 public:
  // RFC 8305, 5: the delay between attempts that it recommends.
  static constexpr Duration attempt_delay = std::chrono::milliseconds(250);

  // Calls `on_done` once, in a later turn. An error says for each address what went wrong.
  Dialing(transport::Loop& loop, const std::string& host, int port,
          transport::ConnectHandler on_done);
  Dialing(const Dialing&) = delete;
  Dialing& operator=(const Dialing&) = delete;

 private:
  template <typename Work>
  void guard(Work&& work) noexcept;
  void begin(std::vector<transport::Address> addresses);
  void try_next();
  void on_connected(std::size_t attempt, Result<std::unique_ptr<transport::Stream>> result);
  void note_failure(const transport::Address& address, const Error& error);
  void finish(Result<std::unique_ptr<transport::Stream>> result);

  transport::Loop& loop_;
  const std::string host_;
  transport::ConnectHandler on_done_;
  std::unique_ptr<transport::Lookup> lookup_;
  std::unique_ptr<transport::Timer> timer_;  // for the next attempt
  std::vector<transport::Address> addresses_;
  std::vector<std::unique_ptr<transport::Connecting>> attempts_;  // null: failed
  std::size_t failed_ = 0;
  std::string failures_;
};

// RFC 8305, 4: the order of the look-up, with the families in turn.
std::vector<transport::Address> interleave(const std::vector<transport::Address>& addresses);

}  // namespace simws::endpoint
