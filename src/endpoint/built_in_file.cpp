#include "endpoint/built_in_file.h"

#include "protocol/http/file_response.h"

#include <algorithm>
#include <ctime>
#include <string>
#include <utility>

namespace simws::endpoint {

namespace http = protocol::http;
using http::ContentCoding;

namespace {

// Of those that there are, the one that the client likes best.
ContentCoding choose_coding(const BuiltInFile& file, const RequestHead& request) {
  if (file.compressed.empty()) return ContentCoding::identity;
  const auto codings = http::accepted_codings(request);
  return *std::ranges::find_if(
      codings, [](ContentCoding coding) { return coding != ContentCoding::brotli; });
}

}  // namespace

const BuiltInFile* find_built_in_file(std::string_view name) {
  const auto files = built_in_files();
  const auto found = std::ranges::find(files, name, &BuiltInFile::name);
  return found == files.end() ? nullptr : &*found;
}

HttpResponse answer_with(const BuiltInFile& file, const RequestHead& request, HeaderList fields) {
  const ContentCoding coding = choose_coding(file, request);
  const std::string_view sent = coding == ContentCoding::gzip ? file.compressed : file.content;
  http::FileContent content{sent.size(), {}, file.content_type, coding, !file.compressed.empty()};
  content.validators.entity_tag.append("\"").append(file.version);
  content.validators.entity_tag.append(http::coding_ending(coding)).append("\"");
  http::FileResponse answer =
      http::answer_file(request, content, {"no-cache", std::move(fields)}, std::time(nullptr));
  if (answer.has_content)
    answer.response.body = sent.substr(static_cast<std::size_t>(answer.first),
                                       static_cast<std::size_t>(answer.length));
  return std::move(answer.response);
}

}  // namespace simws::endpoint
