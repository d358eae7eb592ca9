// How the head of a request comes together, field by field.
#pragma once

#include <simws/http.h>

#include <string>
#include <string_view>

namespace simws {

// Appends, and has a half more room than what it holds at most; a string by itself would double.
void append_tightly(std::string& text, std::string_view more);

class RequestHeadBuilder {
 public:
  // The request line, before any field.
  void begin(std::string_view method, std::string_view resource);
  // The value without white space around.
  void add(std::string_view name, std::string_view value);
  // The builder is then ready for the next one.
  RequestHead finish();

 private:
  void append(std::string_view text);

  std::string texts_;  // as RequestHead has them
};

}  // namespace simws
