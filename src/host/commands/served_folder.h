// Answers requests with the files of one folder, and never with any other.
#pragma once

#include <simws/http.h>
#include <simws/result.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace simws::host {

struct ResourcePath;

class ServedFolder {
 public:
  // Error: there is no such folder, or it can't be read. Files of more than `largest` bytes are
  // refused.
  static Result<ServedFolder> open(const std::string& folder, std::size_t largest);

  // GET and HEAD; fresh copies are answered with 304. Reads the file while the caller waits.
  HttpResponse answer(const HttpRequest& request) const;

 private:
  ServedFolder(std::filesystem::path root, std::size_t largest)
      : root_(std::move(root)), largest_(largest) {}

  HttpResponse answer(const ResourcePath& path, const HttpRequest& request) const;

  std::filesystem::path root_;  // without links
  std::size_t largest_;
};

}  // namespace simws::host
