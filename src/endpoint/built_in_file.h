// Files that are part of the library, and how they're answered.
#pragma once

#include <simws/http.h>

#include <span>
#include <string_view>

namespace simws::endpoint {

struct BuiltInFile {
  std::string_view name;
  std::string_view content_type;
  std::string_view version;  // other content has another one
  std::string_view content;
  std::string_view compressed;  // the same by gzip; empty: that's no shorter
};

// The build makes them of packages/inspector and of packages/js/simws.min.js.
std::span<const BuiltInFile> built_in_files();
// Null: there's none of that name.
const BuiltInFile* find_built_in_file(std::string_view name);

// To a GET or HEAD, by its conditions, its range, and the codings that it takes. Who has the file
// asks whether it's still the same: a newer library has others. `fields` go with it.
HttpResponse answer_with(const BuiltInFile& file, const RequestHead& request,
                         HeaderList fields = {});

}  // namespace simws::endpoint
