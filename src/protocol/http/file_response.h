// What a request for a file is answered with (RFC 9110, 13 to 15).
#pragma once

#include "protocol/http/conditions.h"
#include "protocol/http/content_coding.h"

#include <simws/http.h>
#include <simws/result.h>

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

namespace simws::protocol::http {

// Of a file at the moment when it's opened.
struct FileState {
  std::uint64_t size = 0;
  std::int64_t modified = 0;  // in seconds of the system's clock
  std::uint32_t modified_nanoseconds = 0;
  std::uint64_t number = 0;  // the system's, of the file: another one has another
};

// What may be sent: coded, if it is.
struct FileContent {
  std::uint64_t size = 0;
  Validators validators;
  std::string_view content_type;
  ContentCoding coding = ContentCoding::identity;
  bool has_codings = false;  // others might get it in another one
};

// Fields that go with all files of a folder.
struct FileFields {
  std::string cache_control;  // empty: none
  HeaderList headers;
};

// Error: a name or value that can't be sent, or of a field that is the server's own to say.
Result<void> check_file_fields(const FileFields& fields);

struct FileResponse {
  HttpResponse response;  // whole, unless it has content
  bool has_content = false;
  std::uint64_t first = 0;  // of the file's bytes
  std::uint64_t length = 0;
};

// To a GET or HEAD: 200, 206, 304, 412 or 416. `now`: by the system's clock; of a file from later
// that is said to be its time (RFC 9110, 8.8.2.1).
FileResponse answer_file(const RequestHead& request, const FileContent& file,
                         const FileFields& fields, std::time_t now);

Validators validators_of(const FileState& state, ContentCoding coding);
// Changes whenever the content does, and with the coding. In quotes; strong.
std::string entity_tag(const FileState& state, ContentCoding coding);

// By the ending of the file's name; of one without, by how its content begins: `front`, of which
// more may follow.
std::string_view file_content_type(std::string_view name, std::string_view front);

// To who asks by another method than GET and HEAD.
HttpResponse method_not_allowed();
// To who asks for what isn't there, whatever the reason.
HttpResponse no_such_file();
// Leads to `resource`: see folder_resource.
HttpResponse moved_to(std::string resource, const FileFields& fields);

// The fields that go with what has been answered, those of `fields` in place of `own`.
HeaderList with_file_fields(HeaderList own, const FileFields& fields);

}  // namespace simws::protocol::http
