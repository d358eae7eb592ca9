// What a script's language calls types and values, for error messages.
#pragma once

#include <string>
#include <string_view>

namespace simws::script {

struct Signature;

struct Words {
  std::string_view nil;
  std::string_view yes;
  std::string_view no;
  std::string_view boolean;
  std::string_view integer;
  std::string_view number;
  std::string_view text;
  std::string_view binary;
  std::string_view data;  // text or binary
  std::string_view map;
  std::string_view list;
  // A function's name and parameters.
  std::string (*synopsis)(const Signature& signature) = nullptr;
};

// The words of the reference, and of Lua.
const Words& table_words();
const Words& python_words();

}  // namespace simws::script
