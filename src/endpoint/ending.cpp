#include "endpoint/ending.h"

namespace simws::endpoint {

EndingPtr make_ending(CloseCode code, bool clean, std::string_view reason,
                      std::string_view error) noexcept {
  try {
    return std::make_unique<Ending>(Ending{code, clean, std::string(reason), std::string(error)});
  } catch (...) {
    return nullptr;
  }
}

// So short that it takes no memory of its own.
const Ending& lack_of_memory() noexcept {
  static const Ending ending{CloseCode::abnormal_closure, false, {}, "out of memory"};
  return ending;
}

}  // namespace simws::endpoint
