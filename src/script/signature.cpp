// Functions as people read them.
#include "script/function_table.h"

#include <array>

namespace simws::script {

std::string_view type_name(Type type) {
  constexpr std::array<std::string_view, 17> names = {
      "bool",        "int",           "float",  "string",       "string", "string",
      "string",      "string",        "string", "string",       "map",    "map",
      "bool or map", "string or map", "list",   "bool or list", "map"};
  return names[static_cast<std::size_t>(type)];
}

std::string synopsis(const Signature& signature) {
  std::string text = signature.full_name() + "(";
  for (const Parameter& parameter : signature.parameters) {
    if (&parameter != signature.parameters.data()) text += ", ";
    text.append(type_name(parameter.type)).append(" ").append(parameter.name);
    if (parameter.is_optional()) text.append("=").append(parameter.default_value);
  }
  return text + ")";
}

}  // namespace simws::script
