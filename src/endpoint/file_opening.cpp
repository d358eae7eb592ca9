#include "endpoint/file_opening.h"

#include "base/bytes.h"
#include "protocol/http/content_coding.h"
#include "protocol/http/folder_listing.h"
#include "protocol/http/headers.h"
#include "protocol/http/response.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <tuple>
#include <utility>

namespace simws::endpoint {

namespace {

namespace http = protocol::http;
using http::ContentCoding;
using transport::FileKind;
using transport::FileStatus;
using transport::OpenedFile;

// Of a folder's list.
constexpr std::size_t most_listed = 10'000;

// What tells whether a file without an ending is a text.
constexpr std::size_t front_size = 1024;

http::Validators validators_of(const FileStatus& status, ContentCoding coding) {
  return http::validators_of(
      {status.size, status.modified, status.modified_nanoseconds, status.number}, coding);
}

bool is_older(const FileStatus& a, const FileStatus& b) {
  return std::tie(a.modified, a.modified_nanoseconds) <
         std::tie(b.modified, b.modified_nanoseconds);
}

http::Names with(http::Names names, std::string name) {
  names.push_back(std::move(name));
  return names;
}

// A page's address may have a dot; a picture that is missing is no page.
bool may_fall_back(const http::FileTarget& target, const RequestHead& request) {
  const bool has_ending = !target.is_folder && !target.names.empty() &&
                          target.names.back().find('.') != std::string::npos;
  return !has_ending || http::accepts_html(request);
}

}  // namespace

void FileWork::open() noexcept {
  try {
    find();
    if (!file_) return;
    read();
    if (!problem_.empty()) fail(500, "The file can't be read.", std::exchange(problem_, {}));
  } catch (...) {
    response_.status = 503;  // which takes no memory without words and fields
    response_.body.clear();
    response_.headers.clear();
    has_content_ = false;
    file_.reset();
    fail_piece("answered with 503: out of memory");
  }
}

void FileWork::read() noexcept {
  try {
    const auto size =
        static_cast<std::size_t>(std::min<std::uint64_t>(length_ - read_, piece_size_));
    Buffer piece;
    const auto got = file_->read(first_ + read_, piece.extend(size));
    if (!got) return fail_piece(name_for_log() + ": " + got.error().message);
    if (*got < size) return fail_piece(name_for_log() + " has become shorter while it was sent");
    piece_ = std::move(piece);
    read_ += size;
    if (is_all_read()) file_.reset();
  } catch (...) {
    fail_piece("out of memory");
  }
}

// The name is that of the request: it's shown as it's safe.
std::string FileWork::name_for_log() const {
  std::string path;
  for (const std::string& name : target_.names) path.append("/").append(name);
  return "file " + http::in_quotes(path.empty() ? "/" : path);
}

void FileWork::fail_piece(std::string_view reason) noexcept {
  try {
    problem_ = reason;
  } catch (...) {
    problem_ = "no memory";  // which needs none
  }
}

void FileWork::fail(int status, std::string_view text, std::string_view reason) {
  response_ = http::plain_response(status, text);
  has_content_ = false;
  file_.reset();
  piece_.clear();
  problem_ = "answered with " + std::to_string(status) + ": " + std::string(reason);
}

void FileWork::find() {
  auto found = transport::open_beneath(mount_->folder, target_.names);
  if (!found) return miss(found.error());
  const FileKind kind = found->status().kind;
  if (kind == FileKind::folder && target_.is_folder) return find_in_folder();
  if (kind == FileKind::folder) {
    response_ = http::moved_to(
        http::folder_resource(mount_->prefix, target_.names, request_.resource()), mount_->fields);
    return;
  }
  if (kind == FileKind::file && !target_.is_folder) {
    return send(std::move(*found), target_.names.back(), target_.names);
  }
  miss({ErrorCode::invalid_argument, "no file"});
}

void FileWork::find_in_folder() {
  if (!mount_->index.empty() && send_file(with(target_.names, mount_->index))) return;
  if (mount_->lists) return list();
  miss({ErrorCode::invalid_argument, "no index"});
}

// False: there's none.
bool FileWork::send_file(const Names& names) {
  auto found = transport::open_beneath(mount_->folder, names);
  if (!found && found.error().code != ErrorCode::invalid_argument) {
    miss(found.error());
    return true;
  }
  if (!found || found->status().kind != FileKind::file) return false;
  send(std::move(*found), names.back(), names);
  return true;
}

void FileWork::send(OpenedFile file, const std::string& name, const Names& names) {
  const std::string front = front_of(file, name);
  http::FileContent content{file.status().size,
                            validators_of(file.status(), ContentCoding::identity),
                            http::file_content_type(name, front)};
  choose_coding(file, content, names);
  http::FileResponse answer =
      http::answer_file(request_, content, mount_->fields, std::time(nullptr));
  response_ = std::move(answer.response);
  has_content_ = answer.has_content;
  first_ = answer.first;
  length_ = answer.length;
  const bool is_sent = has_content_ && length_ > 0 && request_.method() != "HEAD";
  if (is_sent) file_ = std::move(file);
}

// Of an ending the content isn't looked at.
std::string FileWork::front_of(const OpenedFile& file, const std::string& name) {
  if (name.find('.') != name.npos) return {};
  std::string front(front_size, '\0');
  const auto got = file.read(0, as_mutable_bytes(front));
  front.resize(got ? *got : 0);
  return front;
}

// One that is older than the file itself was forgotten when that was changed.
void FileWork::choose_coding(OpenedFile& file, http::FileContent& content, const Names& names) {
  std::array<std::optional<OpenedFile>, 3> coded;
  for (const ContentCoding coding : {ContentCoding::gzip, ContentCoding::brotli}) {
    Names beside = names;
    beside.back() += http::coding_ending(coding);
    auto found = transport::open_beneath(mount_->folder, beside);
    if (!found || found->status().kind != FileKind::file) continue;
    if (is_older(found->status(), file.status())) continue;
    coded[static_cast<std::size_t>(coding)] = std::move(*found);
    content.has_codings = true;
  }
  if (!content.has_codings) return;
  for (const ContentCoding coding : http::accepted_codings(request_)) {
    if (coding == ContentCoding::identity) return;
    if (auto& chosen = coded[static_cast<std::size_t>(coding)]) {
      file = std::move(*chosen);
      content.size = file.status().size;
      content.validators = validators_of(file.status(), coding);
      content.coding = coding;
      return;
    }
  }
}

void FileWork::list() {
  auto entries = transport::list_beneath(mount_->folder, target_.names, most_listed);
  if (!entries) return miss(entries.error());
  std::vector<http::ListedName> names;
  for (auto& [name, status] : *entries) {
    names.push_back(
        {std::move(name), status.kind == FileKind::folder, status.size, status.modified});
  }
  std::string path = "/";
  for (const Names& part : {mount_->prefix, target_.names}) {
    for (const std::string& name : part) path.append(name).append("/");
  }
  response_ = http::list_folder(path, !target_.names.empty(), std::move(names));
  response_.headers = http::with_file_fields(std::move(response_.headers), mount_->fields);
}

void FileWork::miss(const Error& error) {
  if (error.code == ErrorCode::unavailable) {
    return fail(503, "The server can open no more files.", name_for_log() + ": " + error.message);
  }
  if (error.code == ErrorCode::permission_denied) {
    problem_ = "answered with 404: " + name_for_log() + ": " + error.message;
  } else if (error.code != ErrorCode::invalid_argument) {
    return fail(500, "The file can't be read.", name_for_log() + ": " + error.message);
  }
  const bool falls_back = !mount_->fallback.empty() && may_fall_back(target_, request_);
  if (falls_back) {
    auto found = transport::open_beneath(mount_->folder, mount_->fallback);
    if (found && found->status().kind == FileKind::file) {
      return send(std::move(*found), mount_->fallback.back(), mount_->fallback);
    }
  }
  response_ = http::no_such_file();
}

}  // namespace simws::endpoint
