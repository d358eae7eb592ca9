// The page that lists what is in a folder.
#pragma once

#include <simws/http.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol::http {

struct ListedName {
  std::string name;
  bool is_folder = false;
  std::uint64_t size = 0;
  std::int64_t modified = 0;  // in seconds of the system's clock
};

// In HTML, folders first. Names that aren't served are left out; nothing in a name has a meaning.
// `path` is the folder's, for people; one with a folder above has a link to that.
HttpResponse list_folder(std::string_view path, bool has_parent, std::vector<ListedName> names);

}  // namespace simws::protocol::http
