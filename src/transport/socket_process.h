// A started program whose stream libuv watches.
#pragma once

#include "transport/loop.h"
#include "transport/process.h"
#include "transport/socket_stream.h"

#include <memory>
#include <string>
#include <utility>

namespace simws::transport {

class SocketProcess final : public HelperProcess {
 public:
  static Result<std::unique_ptr<HelperProcess>> start(UvLoop& loop, const std::string& program);

  SocketProcess(ChildProcess process, std::unique_ptr<Stream> stream)
      : process_(std::move(process)), stream_(std::move(stream)) {}

  Stream& stream() override { return *stream_; }

 private:
  ChildProcess process_;
  std::unique_ptr<Stream> stream_;  // ends first, from which the program knows
};

}  // namespace simws::transport
