// What kind of message a script sends.
#pragma once

#include "script/arguments.h"

#include <simws/opcode.h>
#include <simws/result.h>

#include <cstddef>
#include <string_view>

namespace simws::script {

// The opcode given, or what the data's type says, or text.
Result<Opcode> opcode_argument(const Arguments& arguments, std::size_t index, Data data);
// The same of one whole message, for what it is (`what`) can't be sent in fragments.
Result<Opcode> whole_opcode_argument(const Arguments& arguments, std::size_t index, Data data,
                                     std::string_view what);

}  // namespace simws::script
