// Requests for files: no path leads anywhere but down, and no part lies outside of its file.
//
// An input is the size of the file, the request's target and its fields, each on a line of its own.
#include "base/bytes.h"
#include "base/request_head_builder.h"
#include "base/utf8.h"
#include "check.h"
#include "protocol/http/byte_range.h"
#include "protocol/http/content_coding.h"
#include "protocol/http/file_response.h"
#include "protocol/http/file_target.h"
#include "protocol/http/folder_listing.h"
#include "protocol/http/metrics_format.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace {

using namespace simws;
using namespace simws::protocol::http;
using fuzz::check;

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

std::uint64_t size_of(std::string_view line) {
  std::uint64_t size = 0;
  for (const char c : line) size = size * 10 + static_cast<unsigned char>(c) % 10;
  return size;
}

RequestHead head_of(std::string_view target, std::string_view fields, std::string_view method) {
  RequestHeadBuilder builder;
  builder.begin(method, target);
  while (!fields.empty()) {
    const std::string_view line = take_line(fields);
    const std::size_t colon = std::min(line.find(':'), line.size());
    builder.add(line.substr(0, colon), line.substr(std::min(colon + 1, line.size())));
  }
  return builder.finish();
}

void check_name(std::string_view name) {
  check(!name.empty() && name.front() != '.' && name.back() != '.' && name.back() != ' ');
  check(is_utf8(as_bytes(name)));
  check(std::ranges::none_of(name, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '/' || c == '\\' || c == ':' || c == 0x7f;
  }));
}

void check_target(std::string_view resource) {
  for (const Names& prefix : {Names(), Names{"app"}, Names{"a b", "c"}}) {
    const auto path = beneath(prefix, resource);
    if (!path) continue;
    check(path->empty() || path->front() == '/');
    const auto target = parse_file_target(*path);
    if (!target) continue;
    for (const std::string& name : target->names) check_name(name);
    const std::string folder = folder_resource(prefix, target->names, resource);
    check(folder.starts_with('/') && !folder.starts_with("//"));
    const auto again = parse_file_target(beneath(prefix, folder).value());
    check(again && again->is_folder && again->names == target->names);
    check(list_folder(*path, true, {{target->names.empty() ? "" : target->names.back()}}).status ==
          200);
  }
}

void check_answer(const RequestHead& head, std::uint64_t size) {
  const ByteRange range = find_range(head, size);
  if (range.kind == ByteRange::Kind::part) {
    check(range.length > 0 && range.first < size && range.length <= size - range.first);
  }
  const FileContent file{size, validators_of({size, 784111777, 5, 7}, ContentCoding::identity),
                         "text/plain"};
  const FileResponse answer = answer_file(head, file, {"no-cache", {}}, 1'800'000'000);
  check(answer.has_content == (answer.response.status == 200 || answer.response.status == 206));
  check(answer.first <= size && answer.length <= size - answer.first);
  check(answer.response.status != 200 || answer.length == size);
  const auto codings = accepted_codings(head);
  check(!codings.empty() && codings.size() <= 3);
  check(std::ranges::count(codings, ContentCoding::identity) == 1);
  (void)preferred_metrics_format(head);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::uint64_t file_size = size_of(take_line(rest));
  const std::string_view target = take_line(rest);
  (void)parse_prefix(target);
  (void)file_content_type(target, rest);
  check_target(target);
  for (const char* const method : {"GET", "HEAD"}) {
    check_answer(head_of(target, rest, method), file_size);
  }
  return 0;
}
