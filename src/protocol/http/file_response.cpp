#include "protocol/http/file_response.h"

#include "base/bytes.h"
#include "base/field_value.h"
#include "base/utf8.h"
#include "protocol/http/byte_range.h"
#include "protocol/http/date.h"
#include "protocol/http/response.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace simws::protocol::http {

namespace {

bool has(const HeaderList& fields, std::string_view name) {
  return std::ranges::any_of(
      fields, [&](const auto& field) { return equals_ignoring_case(field.first, name); });
}

// What is true of a file, or of the connection, is not to be said otherwise.
bool is_servers_own(std::string_view name) {
  constexpr std::array<std::string_view, 11> names{
      "Accept-Ranges",  "Connection",       "Content-Encoding",
      "Content-Length", "Content-Range",    "Date",
      "ETag",           "Keep-Alive",       "Last-Modified",
      "Location",       "Transfer-Encoding"};
  return std::ranges::any_of(names,
                             [&](std::string_view own) { return equals_ignoring_case(own, name); });
}

void append_hex(std::string& text, std::uint64_t number) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  text.append(digits.data(), end);
}

// "bytes 0-99/1000"
std::string content_range(const ByteRange& range, std::uint64_t size) {
  const bool is_part = range.kind == ByteRange::Kind::part;
  std::string text = "bytes ";
  text += is_part
              ? std::to_string(range.first) + '-' + std::to_string(range.first + range.length - 1)
              : "*";
  return text + '/' + std::to_string(size);
}

HeaderList fields_of(const FileContent& file, std::time_t now) {
  const auto& [entity_tag, modified] = file.validators;
  HeaderList fields{{"ETag", entity_tag}};
  if (modified) fields.emplace_back("Last-Modified", format_date(std::min(*modified, now)));
  fields.emplace_back("X-Content-Type-Options", "nosniff");
  if (file.has_codings) fields.emplace_back("Vary", "Accept-Encoding");
  return fields;
}

FileResponse without_content(int status, std::string_view text, HeaderList fields) {
  FileResponse answer;
  answer.response = plain_response(status, text);
  for (auto& field : fields) {
    if (!has(answer.response.headers, field.first)) {
      answer.response.headers.push_back(std::move(field));
    }
  }
  return answer;
}

FileResponse not_modified(HeaderList fields) {
  FileResponse answer;
  answer.response = {304, {}, std::move(fields)};
  return answer;
}

FileResponse with_content(const ByteRange& range, const FileContent& file, HeaderList fields) {
  FileResponse answer{{200, {}, std::move(fields)}, true, 0, file.size};
  HeaderList& headers = answer.response.headers;
  if (!has(headers, "Content-Type")) headers.emplace_back("Content-Type", file.content_type);
  headers.emplace_back("Accept-Ranges", "bytes");
  if (file.coding != ContentCoding::identity) {
    headers.emplace_back("Content-Encoding", coding_name(file.coding));
  }
  if (range.kind == ByteRange::Kind::part) {
    answer.response.status = 206;
    answer.first = range.first;
    answer.length = range.length;
    headers.emplace_back("Content-Range", content_range(range, file.size));
  }
  return answer;
}

// A character that the front of a text is cut in takes up to three bytes of it.
bool is_text(std::string_view front) {
  if (front.find('\0') != front.npos) return false;
  const auto wrong = find_invalid_utf8(as_bytes(front));
  return !wrong || *wrong == front.size();
}

}  // namespace

Result<void> check_file_fields(const FileFields& fields) {
  if (!is_field_value(fields.cache_control)) {
    return Error{ErrorCode::invalid_argument,
                 "cacheControl can't be sent: leave out control characters such as line ends"};
  }
  for (const auto& [name, value] : fields.headers) {
    if (!is_token(name) || !is_field_value(value)) {
      return Error{ErrorCode::invalid_argument,
                   "header " + in_quotes(name) +
                       " can't be sent: a name is a token, a value has no control characters"};
    }
    if (is_servers_own(name)) {
      return Error{ErrorCode::invalid_argument,
                   "header " + in_quotes(name) + " is the server's own to say: leave it out"};
    }
  }
  return {};
}

HeaderList with_file_fields(HeaderList own, const FileFields& fields) {
  std::erase_if(own, [&](const auto& field) {
    return field.first != "Vary" && has(fields.headers, field.first);
  });
  if (!fields.cache_control.empty() && !has(fields.headers, "Cache-Control")) {
    own.emplace_back("Cache-Control", fields.cache_control);
  }
  own.insert(own.end(), fields.headers.begin(), fields.headers.end());
  return own;
}

FileResponse answer_file(const RequestHead& request, const FileContent& file,
                         const FileFields& fields, std::time_t now) {
  const Validators& current = file.validators;
  HeaderList headers = with_file_fields(fields_of(file, now), fields);
  switch (judge_conditions(request, current)) {
    case Condition::not_modified:
      return not_modified(std::move(headers));
    case Condition::failed:
      return without_content(412, "The file has changed.", std::move(headers));
    case Condition::holds:
      break;
  }
  const bool admits_range = is_range_admitted(request, current);
  const ByteRange range = admits_range ? find_range(request, file.size) : ByteRange{};
  if (range.kind == ByteRange::Kind::unsatisfiable) {
    headers.emplace_back("Content-Range", content_range(range, file.size));
    return without_content(416, "The file is shorter.", std::move(headers));
  }
  return with_content(range, file, std::move(headers));
}

Validators validators_of(const FileState& state, ContentCoding coding) {
  return {entity_tag(state, coding), static_cast<std::time_t>(state.modified)};
}

std::string entity_tag(const FileState& state, ContentCoding coding) {
  std::string tag = "\"";
  append_hex(tag, static_cast<std::uint64_t>(state.modified));
  tag += '.';
  append_hex(tag, state.modified_nanoseconds);
  tag += '-';
  append_hex(tag, state.size);
  tag += '-';
  append_hex(tag, state.number);
  tag += coding_ending(coding);
  return tag += '"';
}

std::string_view file_content_type(std::string_view name, std::string_view front) {
  if (name.find('.') != name.npos) return content_type_of_file(name);
  return is_text(front) ? "text/plain; charset=utf-8" : "application/octet-stream";
}

HttpResponse method_not_allowed() {
  HttpResponse response = plain_response(405, "Files are read by GET and HEAD.");
  response.headers.emplace_back("Allow", "GET, HEAD");
  return response;
}

HttpResponse no_such_file() {
  return plain_response(404, "There is no such file.");
}

HttpResponse moved_to(std::string resource, const FileFields& fields) {
  HttpResponse response = plain_response(301, "The folder is " + resource);
  response.headers = with_file_fields(std::move(response.headers), fields);
  response.headers.emplace_back("Location", std::move(resource));
  return response;
}

}  // namespace simws::protocol::http
