#include "recording/input_file.h"

#include <cerrno>
#include <system_error>
#include <utility>

namespace simws::recording {

namespace {

// Programs that are started don't inherit it.
#ifdef _WIN32
constexpr const char* mode = "rbN";
#else
constexpr const char* mode = "rbe";
#endif

constexpr std::size_t piece = std::size_t{64} << 10;

Error problem(const std::string& path, const std::string& what) {
  return {ErrorCode::io, "'" + path + "' can't be read: " + what};
}

}  // namespace

Result<std::unique_ptr<InputFile>> InputFile::open(const std::string& path) {
  std::unique_ptr<InputFile> made(new InputFile(path));
  if (auto begun = made->rewind(); !begun) return std::move(begun).error();
  return made;
}

Result<void> InputFile::rewind() {
  errno = 0;
  if (!file_) file_.reset(std::fopen(path_.c_str(), mode));
  if (!file_) return problem(path_, std::generic_category().message(errno));
  std::rewind(file_.get());
  room_.resize(piece);
  read_ = {};
  decoder_ = std::make_unique<Decoder>(packing_of(path_));
  first_.emplace(read_next());
  // What is wrong in a later line is told when its turn comes.
  if (!*first_ && !decoder_->header()) return first_->error();
  return {};
}

Result<std::optional<Entry>> InputFile::next() {
  if (!first_) return read_next();
  Result<std::optional<Entry>> entry = std::move(*first_);
  first_.reset();
  return entry;
}

Result<std::optional<Entry>> InputFile::read_next() {
  while (true) {
    auto entry = decoder_->next(read_);
    if (!entry) return problem(path_, entry.error().message);
    if (*entry) return entry;
    const auto count = read();
    if (!count) return count.error();
    if (*count > 0) continue;
    auto last = decoder_->next_at_end();
    if (!last) return problem(path_, last.error().message);
    return last;
  }
}

Result<std::size_t> InputFile::read() {
  errno = 0;
  const std::size_t count = std::fread(room_.data(), 1, room_.size(), file_.get());
  if (count == 0 && std::ferror(file_.get()) != 0) {
    return problem(path_, std::generic_category().message(errno));
  }
  read_ = Bytes(room_).first(count);
  return count;
}

}  // namespace simws::recording
