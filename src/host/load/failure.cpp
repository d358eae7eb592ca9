#include "host/load/failure.h"

#include "transport/socket.h"

#include <utility>

namespace simws::load {

void give_up(std::string what) {
  throw Failure{std::move(what)};
}

void refuse(std::string what) {
  throw Failure{std::move(what), ErrorCode::invalid_argument};
}

void give_up(std::string what, int error) {
  give_up(what.append(": ").append(transport::words(error)));
}

}  // namespace simws::load
