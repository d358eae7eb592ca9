// What is done for a file beside the loop, by the workers of its folder: it's found, opened and
// read.
#pragma once

#include "base/buffer.h"
#include "endpoint/file_mounts.h"
#include "protocol/http/file_target.h"
#include "transport/files.h"

#include <simws/http.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace simws::endpoint {

// Handed to and fro between the loop's thread and a worker, which has it while it works.
class FileWork {
 public:
  // So much is read at a time, and so much at the most, for who reads faster than the disk.
  static constexpr std::size_t smallest_piece = 64u << 10;
  static constexpr std::size_t largest_piece = 256u << 10;

  FileWork(std::shared_ptr<const FileMount> mount, RequestHead request,
           protocol::http::FileTarget target)
      : mount_(std::move(mount)), request_(std::move(request)), target_(std::move(target)) {}

  // The worker's. Neither throws.
  // Finds the answer, and the first piece where it has content.
  void open() noexcept;
  // The next piece, of those that were promised.
  void read() noexcept;

  // Whole, unless it has content.
  HttpResponse& response() { return response_; }
  bool has_content() const { return has_content_; }
  std::uint64_t length() const { return length_; }  // of the content
  // Empty: it has been taken, or see `problem`.
  Buffer take_piece() { return std::exchange(piece_, {}); }
  // Of the next piece.
  void set_piece_size(std::size_t size) { piece_size_ = size; }
  bool is_all_read() const { return read_ == length_; }
  // Why a piece could not be read, or the file not be opened, for the log; empty: that's all right.
  const std::string& problem() const { return problem_; }
  bool holds_file() const { return file_.has_value(); }
  const FileMount& mount() const { return *mount_; }

 private:
  using Names = protocol::http::Names;

  void find();
  void find_in_folder();
  bool send_file(const Names& names);
  void send(transport::OpenedFile file, const std::string& name, const Names& names);
  void choose_coding(transport::OpenedFile& file, protocol::http::FileContent& content,
                     const Names& names);
  std::string front_of(const transport::OpenedFile& file, const std::string& name);
  void list();
  void miss(const Error& error);
  void fail(int status, std::string_view text, std::string_view reason);
  void fail_piece(std::string_view reason) noexcept;
  std::string name_for_log() const;

  const std::shared_ptr<const FileMount> mount_;
  const RequestHead request_;
  const protocol::http::FileTarget target_;
  HttpResponse response_;
  bool has_content_ = false;
  std::optional<transport::OpenedFile> file_;  // while there's something to read
  std::uint64_t first_ = 0;                    // of its bytes
  std::uint64_t length_ = 0;
  std::uint64_t read_ = 0;  // of these
  std::size_t piece_size_ = smallest_piece;
  Buffer piece_;
  std::string problem_;
};

}  // namespace simws::endpoint
