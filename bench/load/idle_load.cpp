#include "load/idle_load.h"

#include "load/handshake.h"
#include "load/meter.h"
#include "transport/socket.h"

#include <cstdio>
#include <vector>

namespace bench {
namespace {

using simws::transport::Socket;

Socket open_connection(const LoadOptions& options) {
  if (options.door) return Socket(options.door->let_in());
  Socket socket(connect_to(options.port));
  const std::string_view offer =
      options.deflate ? deflate_offer(options.in_context) : std::string_view();
  if (!options.raw && open_websocket(socket.descriptor(), options.port, offer) != options.deflate) {
    die("the server doesn't compress");
  }
  return socket;
}

}  // namespace

Figures run_idle_load(const LoadOptions& options) {
  std::vector<Socket> connections;
  connections.push_back(open_connection(options));
  const Meter meter(options.server);
  const double before = meter.memory();
  const Reading begin = meter.read();
  for (std::size_t i = 0; i < options.connections; ++i) {
    connections.push_back(open_connection(options));
  }
  const Reading end = meter.read();
  Figures figures = meter.figures(begin, end, options.connections);
  figures.emplace_back("bytes_per_connection",
                       (meter.memory() - before) / static_cast<double>(options.connections));
  if (options.hold) {
    std::printf("%s\n", to_json(figures).c_str());
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
  }
  return figures;
}

}  // namespace bench
