// The inspector tells what it can, whichever allocation fails, and nobody else suffers by it.
#include "endpoint_world.h"

namespace simws::faults {
namespace {

// What it tells is the same over TLS, where each run has hundreds of allocations more.
class OutOfMemoryInPlain : public OutOfMemory {};

TEST_P(OutOfMemoryInPlain, WhileTheInspectorWatches) {
  survive([](World& world) {
    const PeerPtr page = world.connect();
    page->send(handshake("Origin: http://localhost\r\nSec-WebSocket-Protocol: simws.topics.1\r\n",
                         "/_simws/live"));
    page->send(text("[\"subscribe\",\"#\",{\"policy\":\"latest\"}]"));
    page->send(text("[\"publish\",\"do/1/begin\"]\n"));
    const PeerPtr peer = world.open();
    (void)world.core().publish("a/b", "published", Opcode::text, {});
    world.advance(1);
    peer->send(text("watched"));
    world.advance(1);
    page->send(text("[\"publish\",\"do/2/send/2\"]\nfrom the page"));
    page->send(text("[\"publish\",\"do/3/close/2\"]\n1000"));
    world.loop().run_until_idle();
    peer->send(client_close(1000));
    world.loop().run_until_idle();
    peer->take();
    page->take();
  });
}

INSTANTIATE_TEST_SUITE_P(Over, OutOfMemoryInPlain, testing::Values(Wire::plain),
                         [](const auto&) { return std::string("plain"); });

}  // namespace
}  // namespace simws::faults
