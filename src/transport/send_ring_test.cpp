#include "transport/send_ring.h"

#include "transport/address.h"
#include "transport/test_network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#ifdef __linux__
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <cstddef>
#include <thread>
#endif

namespace simws::transport {
namespace {

// Both ways to send.
class ASendRing : public testing::TestWithParam<SendRing::System> {
 protected:
  void connect(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      peers.push_back(std::make_unique<SocketTestPeer>(connect_socket(listening.local_address())));
      Address from;
      int error = 0;
      sockets.push_back(listening.accept(from, error));
      ASSERT_TRUE(sockets.back().is_open());
    }
  }
  std::vector<Transfer> send(const std::vector<std::string>& texts) {
    std::vector<Sending> sendings;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      sendings.push_back({&sockets[i], as_bytes(texts[i]), {}});
    }
    ring.send(sendings);
    std::vector<Transfer> transfers;
    for (const Sending& sending : sendings) transfers.push_back(sending.transfer);
    return transfers;
  }

  SendRing ring{GetParam()};
  Socket listening = Socket::listen(*parse_address("127.0.0.1", 0)).value();
  std::vector<Socket> sockets;
  std::vector<std::unique_ptr<SocketTestPeer>> peers;
};

TEST_P(ASendRing, SendsToEachItsOwn) {
  constexpr std::size_t most = SendRing::capacity + 5;
  connect(most);
  for (std::size_t count = 0; count <= most; ++count) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i) texts.push_back(std::to_string(count * 100 + i));
    const auto transfers = send(texts);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(transfers[i].error, 0);
      EXPECT_EQ(transfers[i].bytes, texts[i].size());
      EXPECT_EQ(peers[i]->take(), texts[i]);
    }
  }
}

TEST_P(ASendRing, IsMadeWhenThereIsUseForIt) {
  connect(2);
  EXPECT_FALSE(ring.has_ring());
  send({"a"});
  EXPECT_FALSE(ring.has_ring());
  send({"a", "b"});
  if (GetParam() == SendRing::System::one_by_one) {
    EXPECT_FALSE(ring.has_ring());
  }
}

TEST_P(ASendRing, WaitsForNobody) {
  connect(3);
  const std::string much(16'000'000, 'x');
  const auto transfers = send({"a", much, "b"});
  EXPECT_GT(transfers[1].bytes, 0U);
  EXPECT_LT(transfers[1].bytes, much.size());
  EXPECT_EQ(peers[0]->take() + peers[2]->take(), "ab");
  for (int i = 0; i < 20; ++i) send({"a", much, "b"});  // the system may take some more at first
  const auto full = send({"a", much, "b"});
  EXPECT_EQ(full[1].bytes, 0U);
  EXPECT_TRUE(would_block(full[1].error)) << full[1].error;
  EXPECT_EQ(full[2].bytes, 1U);
}

TEST_P(ASendRing, TellsALossWithoutASignal) {
  connect(3);
  peers[1]->reset();
  EXPECT_NE(send({"a", "b", "c"})[1].error, 0);
  const auto again = send({"a", "b", "c"});
  EXPECT_EQ(again[1].error, EPIPE);
  EXPECT_EQ(again[2].bytes, 1U);
}

std::string way_name(const testing::TestParamInfo<SendRing::System>& info) {
  return info.param == SendRing::System::ask ? "AsTheSystemCan" : "OneByOne";
}
INSTANTIATE_TEST_SUITE_P(Sending, ASendRing,
                         testing::Values(SendRing::System::ask, SendRing::System::one_by_one),
                         way_name);

#ifdef __linux__

// What a container's rules do: seccomp(2), for this thread alone.
bool forbid_rings() {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{std::size(filter), filter};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

TEST(WithoutDescriptors, ASendRingSendsOneByOneUntilThereAreSome) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  SocketTestPeer peer(ends[0]);
  Socket first(ends[1]);
  std::vector<Sending> sendings{{&first, as_bytes("ab"), {}}, {&first, as_bytes("cd"), {}}};
  SendRing ring;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  ring.send(sendings);
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_FALSE(ring.has_ring());
  ring.send(sendings);
  EXPECT_TRUE(ring.has_ring());
  EXPECT_EQ(peer.take(), "abcdabcd");
}

TEST(WithoutPermission, ASendRingSendsOneByOne) {
  std::thread([] {
    ASSERT_TRUE(forbid_rings());
    SendRing ring;
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    SocketTestPeer peer(ends[0]);
    Socket first(ends[1]);
    std::vector<Sending> sendings{{&first, as_bytes("ab"), {}}, {&first, as_bytes("cd"), {}}};
    ring.send(sendings);
    EXPECT_FALSE(ring.has_ring());
    EXPECT_EQ(peer.take(), "abcd");
  }).join();
}

#endif

}  // namespace
}  // namespace simws::transport
