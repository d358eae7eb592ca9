// os.exit of scripts that the host runs: the script ends at once, the host in order, so that what
// was sent last still leaves.
#pragma once

#include <lua.hpp>

#include <optional>

namespace simws::host {

class ExitRequest {
 public:
  // Replaces os.exit by a function that notes the code, and raises errors in all code of the script
  // from then on, whoever catches them. Outlives the state. May raise an error.
  void install(lua_State* L);

  // The code that the script asked for.
  std::optional<int> code() const { return code_; }

 private:
  static int exit(lua_State* L);

  std::optional<int> code_;
};

}  // namespace simws::host
