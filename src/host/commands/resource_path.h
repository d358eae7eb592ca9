// The file that a request asks for, as its resource names it (RFC 3986, 3.3).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simws::host {

struct ResourcePath {
  std::vector<std::string> names;  // decoded; of folders, and of the file at the end
  bool is_folder = false;          // a slash ends it
};

// Nothing for what names no file that may be served: each name must be one that a folder can hold
// and that is not hidden, so that no path leads anywhere else than down.
std::optional<ResourcePath> parse_resource_path(std::string_view resource);

// The resource of the folder that was asked for as if it were a file. It begins with one slash, so
// that it names no other host.
std::string folder_resource(const ResourcePath& path, std::string_view resource);

}  // namespace simws::host
