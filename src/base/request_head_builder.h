// How the head of a request comes together, field by field.
#pragma once

#include <simws/http.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace simws {

// It has a half more room then than what it holds at most; a string by itself would double.
void grow_tightly(std::string& text, std::size_t more);
inline void make_room_tightly(std::string& text, std::size_t more) {
  if (text.capacity() - text.size() < more) grow_tightly(text, more);
}
inline void append_tightly(std::string& text, std::string_view more) {
  make_room_tightly(text, more.size());
  text.append(more);
}

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

  std::string texts_;          // as RequestHead has them
  std::uint32_t present_ = 0;  // as RequestHead::Block has it
};

}  // namespace simws
