// Files that a server serves.
#pragma once

#include <simws/http.h>
#include <simws/result.h>

#include <string>
#include <utility>

namespace simws {

// A folder that is there. Cheap to copy.
class ServedFolder {
 public:
  // Makes a relative path absolute, and follows the links on the way: what they lead to later
  // doesn't count. Waits for the disk; from any thread. Errors (invalid_argument,
  // permission_denied) name the folder.
  static Result<ServedFolder> find(const std::string& path);

  const std::string& path() const { return path_; }

 private:
  explicit ServedFolder(std::string path) : path_(std::move(path)) {}

  std::string path_;  // absolute, without links
};

struct FileOptions {
  // The file that stands for its folder; empty: none does.
  std::string index = "index.html";
  // A folder without such a file is answered with a page that lists what is in it.
  bool listing = false;
  // A file of the folder that answers what isn't there, for pages that have many addresses; but not
  // for what has an ending, such as a missing picture, unless a page is asked for. Empty: 404.
  std::string fallback = {};
  // The field Cache-Control; empty: none. As it is, a browser asks each time whether its copy still
  // is the newest.
  std::string cache_control = "no-cache";
  // More fields of the answers.
  HeaderList headers = {};
  // The rules of Host, Origin and Sec-Fetch-Site don't hold for these files: any page may show
  // them. A token is asked for all the same.
  bool is_public = false;
};

}  // namespace simws
