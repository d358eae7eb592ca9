#include "endpoint/file_service.h"

#include "endpoint/file_answer.h"

namespace simws::endpoint {

namespace {

class FileService final : public HttpService {
 public:
  explicit FileService(const FileMounts& mounts) : mounts_(mounts) {}

  std::unique_ptr<LaterAnswer> answer_later(const HttpRequest& request, LaterHost& host) override {
    auto mount = mounts_.find(request.resource);
    if (!mount) return nullptr;
    return std::make_unique<FileAnswer>(std::move(mount), request.head, host);
  }

 private:
  const FileMounts& mounts_;
};

}  // namespace

std::unique_ptr<HttpService> make_file_service(const FileMounts& mounts) {
  return std::make_unique<FileService>(mounts);
}

}  // namespace simws::endpoint
