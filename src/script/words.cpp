#include "script/words.h"

#include "script/function_table.h"
#include "script/python_text.h"

namespace simws::script {

const Words& table_words() {
  static constexpr Words words{"nil",    "true",   "false",  "bool", "int",  "float",
                               "string", "string", "string", "map",  "list", synopsis};
  return words;
}

const Words& python_words() {
  static constexpr Words words{"None", "True",  "False",        "bool", "int",  "float",
                               "str",  "bytes", "str or bytes", "dict", "list", python_synopsis};
  return words;
}

}  // namespace simws::script
