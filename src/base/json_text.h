// JSON as it's written (RFC 8259): by those who may not fail for more than a lack of memory, and
// keep no tree of what they say.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace simws {

// In quotes, with what JSON doesn't take escaped; bytes that are no UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

// Writes one value, its parts in their order. Names and values take turns in objects.
class JsonText {
 public:
  JsonText& begin_object() { return begin('{'); }
  JsonText& begin_array() { return begin('['); }
  JsonText& end_object() { return end('}'); }
  JsonText& end_array() { return end(']'); }

  JsonText& name(std::string_view name);
  JsonText& text(std::string_view value);
  JsonText& flag(bool value) { return literal(value ? "true" : "false"); }
  JsonText& null() { return literal("null"); }
  // What is no finite number becomes null.
  JsonText& number(double value);
  template <typename Integer>
  requires std::is_integral_v<Integer> JsonText& number(Integer value) {
    return literal(std::to_string(value));
  }

  template <typename Value>
  JsonText& member(std::string_view its_name, const Value& value) {
    name(its_name);
    if constexpr (std::is_same_v<Value, bool>) {
      return flag(value);
    } else if constexpr (std::is_arithmetic_v<Value>) {
      return number(value);
    } else {
      return text(value);
    }
  }

  // An array of texts.
  JsonText& texts(std::span<const std::string_view> values);

  std::size_t size() const { return text_.size(); }
  const std::string& get() const { return text_; }
  std::string take() { return std::move(text_); }

 private:
  JsonText& begin(char bracket);
  JsonText& end(char bracket);
  JsonText& literal(std::string_view value);
  void separate();

  std::string text_;
};

}  // namespace simws
