// The functions of the table as Python's users read them.
#pragma once

#include "script/function_table.h"

#include <span>
#include <string>
#include <string_view>

namespace simws::script {

// "str", "str | bytes", "dict".
std::string_view python_type(Type type);
// As Python writes it: "None", "True", "1000".
std::string python_literal(std::string_view table_text);

// "(serverHandle: str, code: int = 1000) -> bool".
std::string python_signature(std::span<const Parameter> parameters,
                             std::span<const ResultRow> results);
// "simWS.close(serverHandle: str, code: int = 1000)".
std::string python_synopsis(const Signature& signature);
// "(serverHandle, code=1000)", as the module inspect reads it.
std::string python_text_signature(const FunctionRow& row);

// What help() shows below the signature, in lines of less than 80 characters.
std::string python_docstring(const FunctionRow& row);
std::string python_docstring(const CallbackRow& row);
// Sentences of the table with nil, true and maps as Python writes them.
std::string python_wording(std::string_view sentences);

}  // namespace simws::script
