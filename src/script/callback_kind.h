// What a function of the script is called for.
#pragma once

#include "dispatch/event.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace simws::script {

// Events of its servers, with the numbers that they have there, and lines of the log.
#define SIMWS_CALLBACK_KINDS(KIND) SIMWS_EVENT_KINDS(KIND) KIND(log)

#define SIMWS_ENUMERATOR(name) name,
enum class CallbackKind : std::uint8_t { SIMWS_CALLBACK_KINDS(SIMWS_ENUMERATOR) };
#undef SIMWS_ENUMERATOR

#define SIMWS_NAME(name) std::string_view(#name),
inline constexpr std::array callback_names = {SIMWS_CALLBACK_KINDS(SIMWS_NAME)};
#undef SIMWS_NAME
inline constexpr std::size_t callback_kind_count = callback_names.size();

constexpr std::string_view callback_name(CallbackKind kind) {
  return callback_names[static_cast<std::size_t>(kind)];
}
constexpr CallbackKind callback_kind(dispatch::EventKind kind) {
  return static_cast<CallbackKind>(kind);
}

}  // namespace simws::script
