// For tests: an engine that nothing interrupts.
#pragma once

#include "bindings/lua/lua_engine.h"

namespace simws::lua {

class SilentEngine final : public LuaEngine {
 public:
  using LuaEngine::LuaEngine;
  void begin_waiting(script::Api&) override {}
  bool is_interrupted() override { return false; }
  void end_waiting(bool) override {}
};

}  // namespace simws::lua
