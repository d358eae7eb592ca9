#include "endpoint/file_answer.h"

#include "protocol/http/response.h"

#include <algorithm>
#include <utility>

namespace simws::endpoint {

namespace http = protocol::http;

// To close a file may wait for its disk too.
FileAnswer::~FileAnswer() {
  if (is_working_ || !work_ || !work_->holds_file()) return;
  try {
    (void)mount_->workers->add([work = std::move(work_)] {}, nullptr);
  } catch (...) {
    // It's closed here.
  }
}

void FileAnswer::start() {
  if (request_.method() != "GET" && request_.method() != "HEAD") {
    return host_.answer(http::method_not_allowed());
  }
  const auto path = http::beneath(mount_->prefix, request_.resource());
  auto target = http::parse_file_target(path.value_or("//"));
  if (!target) return host_.answer(http::no_such_file());
  work_ = std::make_shared<FileWork>(mount_, request_, std::move(*target));
  if (!work(&FileWork::open, &FileAnswer::on_opened)) {
    host_.answer(http::plain_response(503, "The server is out of threads."));
  }
}

// Where memory runs out in what follows, the connection ends. False: there's no worker.
bool FileAnswer::work(void (FileWork::*what)() noexcept, Step then) {
  is_working_ = mount_->workers->add([work = work_, what] { ((*work).*what)(); },
                                     [this, there = std::weak_ptr(is_there_), then] {
                                       if (there.expired()) return;
                                       is_working_ = false;
                                       try {
                                         (this->*then)();
                                       } catch (...) {
                                         if (!there.expired()) host_.give_up();
                                       }
                                     });
  return is_working_;
}

void FileAnswer::on_opened() {
  if (!work_->problem().empty()) host_.log(LogLevel::error, work_->problem());
  if (!work_->has_content()) return host_.answer(std::move(work_->response()));
  piece_ = work_->take_piece();
  if (!host_.reserve(piece_.size())) return host_.refuse(piece_.size());
  host_.begin_body(std::move(work_->response()), work_->length());
}

void FileAnswer::on_read() {
  if (!work_->problem().empty()) return host_.break_off("reset: " + work_->problem());
  piece_size_ = host_.has_sent_all() ? std::min(piece_size_ * 2, FileWork::largest_piece)
                                     : FileWork::smallest_piece;
  piece_ = work_->take_piece();
  if (!host_.reserve(piece_.size())) {
    return host_.break_off("reset: a file is cut off: over maxTotalQueuedBytes");
  }
  host_.continue_body();
}

Buffer FileAnswer::next_piece() {
  Buffer piece = std::exchange(piece_, {});
  const bool has_more = !piece.empty() && !work_->is_all_read();
  if (has_more) work_->set_piece_size(piece_size_);
  if (has_more && !work(&FileWork::read, &FileAnswer::on_read)) host_.give_up();
  return piece;
}

}  // namespace simws::endpoint
