// The file that a request asks for beneath a folder, as its target names it (RFC 3986, 3.3).
#pragma once

#include <simws/result.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol::http {

using Names = std::vector<std::string>;

// Whether a file or folder called so may be served: UTF-8 that one name can be on every system, and
// that means the same on all of them. So there's no slash of either kind, colon, control character,
// dot or space at the end, or device of DOS. Hidden ones, which begin with a dot, aren't served,
// nor are `.` and `..`.
bool is_served_name(std::string_view name);

// Where files are served: "/" or "/app/models", as it's written in no address, not encoded; a slash
// at the end doesn't count.
Result<Names> parse_prefix(std::string_view prefix);

// What of a request's path lies beneath the prefix: empty, or it begins with a slash. Nothing: the
// request is for somebody else.
std::optional<std::string_view> beneath(std::span<const std::string> prefix,
                                        std::string_view resource);

struct FileTarget {
  Names names;             // decoded; of folders, and of the file at the end
  bool is_folder = false;  // a slash ends it
};

// Of what lies beneath the prefix. Nothing: it names no file that may be served. So that no path
// leads anywhere else than down, whatever the system makes of it.
std::optional<FileTarget> parse_file_target(std::string_view path);

// The resource of a folder that was asked for as if it were a file, with the query of `resource`.
// It begins with one slash, so that it names no other host.
std::string folder_resource(std::span<const std::string> prefix, std::span<const std::string> names,
                            std::string_view resource);

}  // namespace simws::protocol::http
