#include "recording/line_writer.h"

#include "base/base64.h"
#include "base/bytes.h"
#include "base/json_text.h"

#include <array>
#include <ctime>

namespace simws::recording {

namespace {

constexpr std::uint64_t second = 1'000'000;

std::string digits(std::uint64_t number, std::size_t width) {
  const std::string text = std::to_string(number);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

void append_member(std::string& text, std::string_view name, std::string_view value) {
  text.append(",\"").append(name).append("\":");
  append_json_string(text, value);
}

void append_member(std::string& text, std::string_view name, std::uint64_t value) {
  text.append(",\"").append(name).append("\":").append(std::to_string(value));
}

void append_if_any(std::string& text, std::string_view name, std::string_view value) {
  if (!value.empty()) append_member(text, name, value);
}

void append_if_any(std::string& text, std::string_view name, std::uint64_t value) {
  if (value != 0) append_member(text, name, value);
}

struct Append {
  std::string& text;

  void operator()(const Message& message) const {
    append_if_any(text, "from", message.from);
    append_if_any(text, "to", message.to);
    append_if_any(text, "topic", message.topic);
    append_if_any(text, "key", message.key);
    if (message.retain) text += ",\"retain\":true";
    if (message.opcode == Opcode::text) {
      append_member(text, "text", message.data);
    } else {
      text.append(",\"binary\":\"").append(base64_encode(as_bytes(message.data))).append(1, '"');
    }
  }
  void operator()(const Opened& opened) const {
    append_member(text, "open", opened.connection);
    append_if_any(text, "address", opened.address);
  }
  void operator()(const Closed& closed) const {
    append_member(text, "close", closed.connection);
    append_if_any(text, "code", static_cast<std::uint64_t>(closed.code));
    append_if_any(text, "reason", closed.reason);
  }
  void operator()(const Lost& lost) const {
    append_member(text, "lost", lost.lines);
    append_if_any(text, "bytes", lost.bytes);
  }
};

}  // namespace

void append_line(std::string& text, const Header& header) {
  text.append("{\"format\":\"").append(format_name).append("\"");
  append_member(text, "version", format_version);
  append_member(text, "began", header.began);
  append_if_any(text, "url", header.url);
  append_if_any(text, "server", header.server);
  append_if_any(text, "subprotocol", header.subprotocol);
  text += "}\n";
}

void append_line(std::string& text, const Entry& entry) {
  text.append("{\"t\":").append(std::to_string(entry.time / second)).append(1, '.');
  text.append(digits(entry.time % second, 6));
  std::visit(Append{text}, entry.what);
  text += "}\n";
}

std::string rfc3339(std::chrono::system_clock::time_point time) {
  using std::chrono::floor;
  const auto microseconds = floor<std::chrono::microseconds>(time);
  const auto seconds = floor<std::chrono::seconds>(time);
  const std::time_t since_1970 = std::chrono::system_clock::to_time_t(seconds);
  std::tm utc{};
#ifdef _WIN32
  gmtime_s(&utc, &since_1970);
#else
  gmtime_r(&since_1970, &utc);
#endif
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  const auto fraction = static_cast<std::uint64_t>((microseconds - seconds).count());
  return std::string(text.data(), size) + '.' + digits(fraction, 6) + 'Z';
}

}  // namespace simws::recording
