// The folders whose files a server serves, and where.
#pragma once

#include "protocol/http/file_response.h"
#include "protocol/http/file_target.h"
#include "transport/loop.h"

#include <simws/files.h>
#include <simws/http.h>
#include <simws/result.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace simws::endpoint {

// One of them: immutable, as its files are answered on other threads too.
struct FileMount {
  protocol::http::Names prefix;
  std::string folder;  // absolute, without links
  std::string index;   // empty: none
  bool lists = false;
  protocol::http::Names fallback;  // empty: none
  protocol::http::FileFields fields;
  bool is_public = false;
  // Its own: a disk that hangs holds up nobody else's files.
  std::unique_ptr<transport::Workers> workers;
};

// Belongs to the loop's thread.
class FileMounts {
 public:
  explicit FileMounts(transport::Loop& loop) : loop_(loop) {}

  // See Server::serve_files.
  Result<void> set(std::string_view prefix, const ServedFolder& folder, FileOptions options);

  // The one with the longest prefix that the request lies beneath. Null: none.
  std::shared_ptr<const FileMount> find(std::string_view resource) const;
  // Files that any page may show.
  bool is_public(const RequestHead& request) const;

 private:
  transport::Loop& loop_;
  std::vector<std::shared_ptr<const FileMount>> mounts_;  // longest prefixes first
};

}  // namespace simws::endpoint
