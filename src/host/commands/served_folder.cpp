#include "host/commands/served_folder.h"

#include "base/bytes.h"
#include "base/utf8.h"
#include "host/commands/opened_file.h"
#include "host/commands/resource_path.h"

#include <array>
#include <ctime>
#include <optional>
#include <utility>

namespace simws::host {

namespace {

namespace fs = std::filesystem;

HttpResponse plain(int status, std::string text) {
  text += '\n';
  return {status,
          std::move(text),
          {{"Content-Type", "text/plain; charset=utf-8"}, {"X-Content-Type-Options", "nosniff"}}};
}

HttpResponse redirect(std::string resource) {
  HttpResponse response = plain(301, "the folder is " + resource);
  response.headers.emplace_back("Location", std::move(resource));
  return response;
}

// As HTTP writes dates (RFC 9110, 5.6.7); the program never leaves the C locale for times.
std::string format_date(std::time_t time) {
  std::tm parts{};
  std::array<char, 32> text{};
  gmtime_r(&time, &parts);
  return {text.data(),
          std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

// Changes whenever the content may have.
std::string entity_tag(const OpenedFile& file) {
  const timespec modified = file.modified();
  return '"' + std::to_string(modified.tv_sec) + '-' + std::to_string(modified.tv_nsec) + '-' +
         std::to_string(file.size()) + '"';
}

// Whether a list of entity tags has this one (RFC 9110, 13.1.2), weak or not.
bool lists_tag(std::string_view list, std::string_view tag) {
  return list == "*" || list.find(tag) != list.npos;
}

// The client has what it asks for. A date counts when it's the one that was told.
bool is_fresh(const RequestHead& head, std::string_view tag, std::string_view date) {
  if (head.count("If-None-Match") > 0) return lists_tag(head.joined("If-None-Match"), tag);
  return head.find("If-Modified-Since") == date;
}

// The server knows types by the ending, and would take a file without one for a page.
void add_content_type(HttpResponse& response, const std::string& name) {
  if (name.find('.') != name.npos) return;
  const char* const type =
      is_utf8(as_bytes(response.body)) ? "text/plain; charset=utf-8" : "application/octet-stream";
  response.headers.emplace_back("Content-Type", type);
}

HttpResponse with_content(const OpenedFile& file, const std::string& name,
                          const RequestHead& head) {
  const std::string tag = entity_tag(file);
  const std::string date = format_date(file.modified().tv_sec);
  HttpResponse response;
  response.headers = {{"ETag", tag},
                      {"Last-Modified", date},
                      {"Cache-Control", "no-cache"},
                      {"X-Content-Type-Options", "nosniff"}};
  if (is_fresh(head, tag, date)) {
    response.status = 304;
    return response;
  }
  auto content = file.read();
  if (!content) return plain(500, "the file can't be read");
  response.body = std::move(*content);
  add_content_type(response, name);
  return response;
}

std::string in_mebibytes(std::size_t bytes) {
  return std::to_string(bytes >> 20) + " MiB";
}

HttpResponse too_large(const OpenedFile& file, std::size_t largest) {
  return plain(500, "the file has " + in_mebibytes(file.size()) +
                        "; this server answers with at most " + in_mebibytes(largest));
}

}  // namespace

Result<ServedFolder> ServedFolder::open(const std::string& folder, std::size_t largest) {
  std::error_code error;
  fs::path root = fs::canonical(folder, error);
  if (error || !fs::is_directory(root, error)) {
    return Error{ErrorCode::invalid_argument, "there is no folder '" + folder + "'"};
  }
  if (!OpenedFile::below(root, {})) {
    return Error{ErrorCode::permission_denied, "the folder '" + folder + "' can't be read"};
  }
  return ServedFolder(std::move(root), largest);
}

HttpResponse ServedFolder::answer(const HttpRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse response = plain(405, "files are read by GET and HEAD");
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }
  const auto path = parse_resource_path(request.resource);
  return path ? answer(*path, request) : plain(404, "there is no such file");
}

HttpResponse ServedFolder::answer(const ResourcePath& path, const HttpRequest& request) const {
  constexpr const char* index = "index.html";
  std::vector<std::string> names = path.names;
  if (path.is_folder) names.emplace_back(index);
  const auto file = OpenedFile::below(root_, names);
  if (file && file->is_folder() && !path.is_folder) {
    return redirect(folder_resource(path, request.resource));
  }
  if (!file || !file->is_file()) return plain(404, "there is no such file");
  if (file->size() > largest_) return too_large(*file, largest_);
  return with_content(*file, names.back(), request.head);
}

}  // namespace simws::host
