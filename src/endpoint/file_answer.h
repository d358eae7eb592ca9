// The answer to one request for a file.
//
//   start ──▶ opening ──▶ answered as a whole, or: reading ──a piece is taken──▶ reading …
//
// The next piece is read while the one before is sent: a slow reader holds two of them, and one
// descriptor. Pieces grow while the reader waits for them.
#pragma once

#include "endpoint/file_opening.h"
#include "endpoint/http_later.h"

#include <cstddef>
#include <memory>
#include <utility>

namespace simws::endpoint {

class FileAnswer final : public LaterAnswer {
 public:
  FileAnswer(std::shared_ptr<const FileMount> mount, RequestHead request, LaterHost& host)
      : mount_(std::move(mount)), request_(std::move(request)), host_(host) {}
  ~FileAnswer() override;

  // LaterAnswer
  void start() override;
  Buffer next_piece() override;

 private:
  using Step = void (FileAnswer::*)();

  bool work(void (FileWork::*what)() noexcept, Step then);
  void on_opened();
  void on_read();

  const std::shared_ptr<const FileMount> mount_;
  const RequestHead request_;
  LaterHost& host_;
  std::shared_ptr<FileWork> work_;  // a worker has it while `is_working_`
  bool is_working_ = false;
  Buffer piece_;  // to be sent next
  std::size_t piece_size_ = FileWork::smallest_piece;
  std::shared_ptr<bool> is_there_ = std::make_shared<bool>(true);  // others know it weakly
};

}  // namespace simws::endpoint
