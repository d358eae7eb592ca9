// simws-broker, the helper process of a server whose options name a broker: it speaks NATS, so that
// no library for it is needed in the process of a simulator, or of Python. Its standard input is a
// socket, on which the server tells it what to do (see protocol/broker/helper_words.h).
#include "base/descriptors.h"
#include "broker/helper/reader.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace {

constexpr int input = STDIN_FILENO;

bool is_socket() {
  struct stat status {};
  return ::fstat(input, &status) == 0 && S_ISSOCK(status.st_mode);
}

// As if the server had gone.
extern "C" void end_input(int /*signal*/) {
  (void)::shutdown(input, SHUT_RD);
}

}  // namespace

int main() {
  simws::open_standard_descriptors();
  if (!is_socket()) {
    std::fputs(
        "simws-broker carries a simWS server's topics to a NATS server. Servers start it by "
        "themselves, when they are given the option broker; by hand there is nothing to do with "
        "it.\n",
        stderr);
    return 2;
  }
  std::signal(SIGINT, SIG_IGN);  // who types it at a terminal means the server, which tells us
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGTERM, end_input);
  if (const auto failure = simws::broker::Reader(input).run()) {
    std::fprintf(stderr, "simws-broker: not a simWS server of this version: %s\n",
                 failure->c_str());
    return 1;
  }
  return 0;
}
