// Values in the words of error messages.
#pragma once

#include "script/value.h"
#include "script/words.h"

#include <string>
#include <string_view>

namespace simws::script {

// In single quotes, shortened, with control characters and quotes escaped: never more than one
// line.
std::string quote(std::string_view text);

// A number as scripts write it: "3", "0.5", "65536".
std::string number_text(double number);

// The digits of an integer, shortened.
// REQUIRES: it's one, of whatever size.
std::string integer_text(const Value& value);

// With its type: "nil", "int 3", "float 3.5", "string 'x'", "map", "list", "function".
std::string describe(const Value& value, const Words& words = table_words());

}  // namespace simws::script
