// What makes TLS streams of others: a server's context and a client's, each of one loop's thread.
// The loop outlives it; streams may outlive it.
//
// OpenSSL shows here in no way.
#pragma once

#include "transport/loop.h"
#include "transport/stream.h"
#include "transport/tls_options.h"

#include <simws/result.h>

#include <memory>
#include <string>

namespace simws::transport {

class TlsServer {
 public:
  virtual ~TlsServer() = default;

  // Errors are one sentence that names the file and the cause: invalid_argument, io,
  // permission_denied. `on_news` is told of this context's files, here and in `accept`.
  static Result<std::unique_ptr<TlsServer>> make(Loop& loop, TlsServerOptions options,
                                                 TlsNewsHandler on_news, PlainHttpAnswer answer);

  // The server's end of TLS on an accepted stream. Looks first, once a second at the most, whether
  // the files have been replaced.
  virtual std::unique_ptr<Stream> accept(std::unique_ptr<Stream> stream) = 0;
};

class TlsClient {
 public:
  virtual ~TlsClient() = default;

  // What can be said of options without their files.
  static Result<void> check(const TlsClientOptions& options);
  // As above.
  static Result<std::unique_ptr<TlsClient>> make(Loop& loop, TlsClientOptions options,
                                                 const TlsNewsHandler& on_news);

  // The client's end, on a stream that has connected. `host`, a name or an address, is whom the
  // server's certificate must name, unless the options have another name. Null: out of memory.
  virtual std::unique_ptr<Stream> connect(std::unique_ptr<Stream> stream,
                                          const std::string& host) = 0;
  // The files it was made from are still what they were.
  virtual bool is_current() const = 0;
};

}  // namespace simws::transport
