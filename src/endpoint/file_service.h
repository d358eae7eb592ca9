// Answers requests with files.
#pragma once

#include "endpoint/file_mounts.h"
#include "endpoint/http_services.h"

#include <memory>

namespace simws::endpoint {

// The mounts outlive it.
std::unique_ptr<HttpService> make_file_service(const FileMounts& mounts);

}  // namespace simws::endpoint
