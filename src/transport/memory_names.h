// What a MemoryLoop reaches, by name and by address.
#pragma once

#include "transport/memory.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace simws::transport {

class MemoryNames {
 public:
  using Answer = Result<std::vector<Address>>;

  void set_reach(const Address& address, Reach reach) { reach_[address.to_string()] = reach; }
  Reach reach(const Address& address) const;

  void set_name(const std::string& host, Answer answer);
  void set_slow_name(const std::string& host);
  // None: there's no answer.
  std::optional<Answer> find(const std::string& host, int port) const;

 private:
  std::map<std::string, Reach> reach_;                  // by the address written out
  std::map<std::string, std::optional<Answer>> names_;  // none: slow
};

}  // namespace simws::transport
