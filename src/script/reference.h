// The reference of the functions, for users, made from the table.
#pragma once

#include <string>

namespace simws::script {

// As Markdown.
std::string reference_markdown();

}  // namespace simws::script
