// What a server says when connections have to wait for the system.
#include "endpoint/server_test_fixture.h"

namespace simws::endpoint::test {
namespace {

using transport::Shortage;

class AShortage : public ServerTest {
 protected:
  AShortage() {
    ServerOptions options;
    options.host = "*";  // two listeners
    start(std::move(options));
  }
};

TEST_F(AShortage, IsSaidOnceAndItsConnectionsWait) {
  loop->set_shortage(Shortage::descriptors);
  const auto one = connect(), other = connect();
  loop->run_until_idle();
  ASSERT_EQ(log.size(), 1U);
  EXPECT_NE(log[0].find("out of file descriptors: new connections wait"), std::string::npos);
  loop->set_shortage(Shortage::none);
  loop->run_until_idle();
  one->send(handshake());
  EXPECT_EQ(one->take().substr(0, 12), "HTTP/1.1 101");
  loop->set_shortage(Shortage::memory);
  const auto third = connect();
  loop->run_until_idle();
  ASSERT_EQ(log.size(), 2U) << "that it's over is no warning";
  EXPECT_NE(log[1].find("memory"), std::string::npos);
}

}  // namespace
}  // namespace simws::endpoint::test
