#include "recording/output_file.h"

#include "base/descriptors.h"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace simws::recording {

namespace {

namespace fs = std::filesystem;

std::string words_of(int error) {
  const std::string words = std::generic_category().message(error);
  return error == ENXIO ? words + "; if it's a pipe, nobody reads it" : words;
}

Error problem_of(const std::string& name, int error) {
  const bool is_denied = error == EACCES || error == EPERM || error == EROFS;
  const bool is_out = error == EMFILE || error == ENFILE || error == ENOMEM;
  return {is_denied ? ErrorCode::permission_denied
          : is_out  ? ErrorCode::unavailable
                    : ErrorCode::io,
          "'" + name + "' can't be written: " + words_of(error)};
}

// Who writes it still, or reads it, keeps the old one. Where it can't be removed it's emptied.
void remove_old(const std::string& path) {
  std::error_code error;
  if (fs::symlink_status(path, error).type() == fs::file_type::regular) fs::remove(path, error);
}

}  // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::create(const std::string& path) {
  if (const std::size_t end = path.find('\0'); end != path.npos) {
    return Error{ErrorCode::invalid_argument,
                 "'" + path.substr(0, end) + "' can't be written: a zero byte follows in its name"};
  }
  const Packing packing = packing_of(path);
  auto packer = make_packer(packing);
  if (!packer) return problem_of(path, ENOMEM);
  remove_old(path);
  errno = 0;
  std::FILE* const file = create_file(path.c_str());
  if (!file) return problem_of(path, errno);
  std::unique_ptr<OutputFile> made(new OutputFile(path, file, true, std::move(packer)));
  made->is_packed_ = packing != Packing::plain;
  return made;
}

std::unique_ptr<OutputFile> OutputFile::standard_output() {
  return std::unique_ptr<OutputFile>(
      new OutputFile("standard output", stdout, false, make_packer(Packing::plain)));
}

// What is written comes in large pieces.
OutputFile::OutputFile(std::string name, std::FILE* file, bool is_own,
                       std::unique_ptr<Packer> packer)
    : name_(std::move(name)), file_(file), is_own_(is_own), packer_(std::move(packer)) {
  std::setvbuf(file, nullptr, _IONBF, 0);
}

OutputFile::~OutputFile() {
  (void)finish();
}

Result<void> OutputFile::write(std::string_view text) {
  needs_flush_ = is_packed_;
  return put(text, Packer::Then::go_on);
}

Result<void> OutputFile::flush() {
  needs_flush_ = false;
  return put({}, Packer::Then::flush);
}

Result<void> OutputFile::finish() {
  if (!file_) return {};
  needs_flush_ = false;
  if (auto put_all = put({}, Packer::Then::finish); !put_all) return put_all;
  std::FILE* const file = std::exchange(file_, nullptr);
  errno = 0;
  if (is_own_ && std::fclose(file) != 0) return problem(errno);
  return {};
}

Result<void> OutputFile::put(std::string_view text, Packer::Then then) {
  if (!file_) return problem(EBADF);
  packed_.clear();
  errno = 0;
  auto packed = packer_->pack(text, then, packed_);
  const bool is_written =
      packed && std::fwrite(packed_.data(), 1, packed_.size(), file_) == packed_.size();
  if (is_written) {
    size_ += packed_.size();
    return {};
  }
  const int error = packed ? errno : ENOMEM;
  std::FILE* const file = std::exchange(file_, nullptr);
  if (is_own_) std::fclose(file);
  return problem(error);
}

Error OutputFile::problem(int error) const {
  return problem_of(name_, error != 0 ? error : EIO);
}

}  // namespace simws::recording
