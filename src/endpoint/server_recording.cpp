// What a server's application does with recordings.
#include "endpoint/server_core.h"
#include "recording/line_writer.h"
#include "recording/output_file.h"

#include <chrono>
#include <utility>

namespace simws {

Result<RecordingFile> RecordingFile::create(const std::string& path) {
  auto created = recording::OutputFile::create(path);
  if (!created) return std::move(created).error();
  return RecordingFile(std::move(created).value());
}

RecordingFile::RecordingFile(std::unique_ptr<recording::OutputFile> file)
    : file_(std::move(file)) {}
RecordingFile::RecordingFile(RecordingFile&& other) noexcept = default;
RecordingFile& RecordingFile::operator=(RecordingFile&& other) noexcept = default;
RecordingFile::~RecordingFile() = default;

std::unique_ptr<recording::OutputFile> RecordingFile::take() && {
  return std::move(file_);
}

Result<void> Server::start_recording(const std::string& path) {
  if (is_recording()) return endpoint::Recordings::already();
  auto file = RecordingFile::create(path);
  if (!file) return std::move(file).error();
  return start_recording(std::move(file).value());
}

namespace endpoint {

Result<void> ServerCore::start_recording(RecordingFile file) {
  if (is_stopped()) return Error{ErrorCode::invalid_state, "the server has stopped"};
  try {
    const std::string server = listeners_.front()->address().to_string();
    const std::string began = recording::rfc3339(std::chrono::system_clock::now());
    if (auto started = recordings_.start(std::move(file).take(), {began, {}, server, {}});
        !started) {
      return started;
    }
    begin_recording(*recordings_.active());
    return {};
  } catch (...) {
    return Error{ErrorCode::unavailable, "out of memory"};
  }
}

// What a viewer finds that comes now.
void ServerCore::begin_recording(Recording& recording) {
  for (AcceptedConnection& connection : open_) {
    if (connection.state() != ConnectionState::open) continue;
    recording.opened(connection, *connection.channel());
  }
  topics_.for_each_retained(
      [&](const protocol::PublicationPtr& publication) { recording.retained(*publication); });
}

Result<RecordingInfo> ServerCore::stop_recording() {
  return recordings_.stop();
}

void ServerCore::record_broadcast(const protocol::SharedMessage& message) noexcept {
  if (Recording* const recording = recordings_.active()) recording->broadcast(message);
}

}  // namespace endpoint

}  // namespace simws
