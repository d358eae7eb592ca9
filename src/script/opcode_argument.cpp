#include "script/opcode_argument.h"

#include "script/describe.h"

#include <cstdint>
#include <optional>
#include <string>

namespace simws::script {

namespace {

// Nothing: it can't be.
std::optional<Opcode> find_opcode(const Arguments& arguments, std::size_t index, Data data) {
  if (!arguments.has(index)) {
    return data.kind == DataKind::binary ? Opcode::binary : Opcode::text;
  }
  const std::int64_t opcode = arguments.integer(index, 0);
  if (opcode < 0 || opcode > 2) return std::nullopt;
  return static_cast<Opcode>(opcode);
}

Error invalid(const Arguments& arguments, std::size_t index, const std::string& expected) {
  return {ErrorCode::invalid_argument,
          "invalid opcode: " + integer_text(arguments[index]) + " (" + expected + ")"};
}

}  // namespace

Result<Opcode> opcode_argument(const Arguments& arguments, std::size_t index, Data data) {
  if (const auto opcode = find_opcode(arguments, index, data)) return *opcode;
  return invalid(arguments, index,
                 "expected simWS.opcode.text, simWS.opcode.binary or "
                 "simWS.opcode.continuation: 1, 2 or 0");
}

Result<Opcode> whole_opcode_argument(const Arguments& arguments, std::size_t index, Data data,
                                     std::string_view what) {
  const auto opcode = find_opcode(arguments, index, data);
  if (opcode && *opcode != Opcode::continuation) return *opcode;
  return invalid(arguments, index,
                 "a " + std::string(what) +
                     " is one whole message: expected simWS.opcode.text or simWS.opcode.binary");
}

}  // namespace simws::script
