// How a connection ended.
#pragma once

#include <simws/close_code.h>

#include <memory>
#include <string>
#include <string_view>

namespace simws::endpoint {

struct Ending {
  CloseCode code = CloseCode::abnormal_closure;
  bool clean = false;  // the closing handshake was completed
  std::string reason;  // of the Close
  std::string error;   // why it isn't clean, in words
};
// Null: there was no memory to say more than `lack_of_memory`.
using EndingPtr = std::unique_ptr<const Ending>;

EndingPtr make_ending(CloseCode code, bool clean, std::string_view reason,
                      std::string_view error) noexcept;
const Ending& lack_of_memory() noexcept;

}  // namespace simws::endpoint
