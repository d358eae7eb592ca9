#include "host/commands/doctor/checks.h"
#include "host/commands/doctor/fake_machine_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

namespace simws::host {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class NetworkChecks : public ::testing::Test {
 protected:
  Finding ask(Check check) { return check({machine_, port_, is_port_given_}); }

  FakeMachine machine_;
  int port_ = 9000;
  bool is_port_given_ = false;
};

TEST_F(NetworkChecks, AllIsWellOnAGoodMachine) {
  for (const Check check :
       {check_port, check_ipv6, check_addresses, check_host_name, check_firewall, check_proxy}) {
    const Finding finding = ask(check);
    EXPECT_EQ(finding.verdict, Verdict::ok) << finding.name;
    EXPECT_NE(finding.text, "") << finding.name;
  }
}

TEST_F(NetworkChecks, SaysWhoHasThePort) {
  machine_.listening[{"127.0.0.1", 9000}] = EADDRINUSE;
  machine_.files["/proc/net/tcp"] =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
      "inode\n"
      "   0: 0100007F:2328 0100007F:A001 01 00000000:00000000 00:00000000 00000000  1000 0 11 1 0\n"
      "   1: 0100007F:2328 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 0 77 1 "
      "0\n";
  machine_.links["/proc/41/fd/3"] = "socket:[11]";
  machine_.links["/proc/42/fd/5"] = "socket:[77]";
  machine_.files["/proc/42/comm"] = "python3\n";
  const Finding finding = ask(check_port);
  EXPECT_EQ(finding.name, "port 9000");
  EXPECT_EQ(finding.verdict, Verdict::note);
  EXPECT_EQ(finding.text, "taken by python3, process 42");
  EXPECT_THAT(finding.advice, HasSubstr("kill 42"));
  EXPECT_THAT(finding.advice, HasSubstr("9001"));
}

TEST_F(NetworkChecks, APortThatIsWantedIsAProblemWhenItsTaken) {
  port_ = 8080;
  is_port_given_ = true;
  machine_.listening[{"0.0.0.0", 8080}] = EADDRINUSE;
  const Finding finding = ask(check_port);
  EXPECT_EQ(finding.verdict, Verdict::problem);
  EXPECT_EQ(finding.text, "taken by a program of another user");
  EXPECT_THAT(finding.advice, HasSubstr("sudo ss -ltnp 'sport = :8080'"));
}

TEST_F(NetworkChecks, APrivilegedPortIsOneForAFew) {
  port_ = 80;
  is_port_given_ = true;
  machine_.listening[{"0.0.0.0", 80}] = EACCES;
  const Finding finding = ask(check_port);
  EXPECT_EQ(finding.verdict, Verdict::problem);
  EXPECT_THAT(finding.advice, HasSubstr("sudo sysctl net.ipv4.ip_unprivileged_port_start=80"));
}

TEST_F(NetworkChecks, WithoutSocketsNothingWorks) {
  machine_.listening[{"0.0.0.0", 9000}] = EPERM;
  EXPECT_EQ(ask(check_port).verdict, Verdict::problem);
}

TEST_F(NetworkChecks, APortMayBeTakenByIpv6Alone) {
  machine_.listening[{"::1", 9000}] = EADDRINUSE;
  EXPECT_EQ(ask(check_port).verdict, Verdict::note);
  machine_.listening[{"::1", 9000}] = EADDRNOTAVAIL;
  EXPECT_EQ(ask(check_port).text, "free");
}

TEST_F(NetworkChecks, Ipv6IsNoMust) {
  machine_.listening[{"::1", 0}] = EADDRNOTAVAIL;
  EXPECT_EQ(ask(check_ipv6).verdict, Verdict::ok);
  EXPECT_THAT(ask(check_ipv6).text, HasSubstr("not there"));
  machine_.listening.clear();
  machine_.files["/proc/sys/net/ipv6/bindv6only"] = "1\n";
  EXPECT_THAT(ask(check_ipv6).text, HasSubstr("IPv6 alone"));
}

TEST_F(NetworkChecks, TellsTheAddressesForOthers) {
  machine_.ips = {"192.168.1.5", "10.0.0.1", "2001:db8::5"};
  EXPECT_THAT(ask(check_addresses).text, HasSubstr("192.168.1.5, 10.0.0.1 and 2001:db8::5"));
  machine_.ips.clear();
  EXPECT_THAT(ask(check_addresses).text, HasSubstr("no network"));
}

TEST_F(NetworkChecks, ANameWithoutAnAddressIsNoted) {
  machine_.names.clear();
  const Finding finding = ask(check_host_name);
  EXPECT_EQ(finding.verdict, Verdict::note);
  EXPECT_EQ(finding.advice, "echo '127.0.1.1 robot' | sudo tee -a /etc/hosts");
}

TEST_F(NetworkChecks, KnowsTheNameOfMulticastDns) {
  machine_.files["/run/avahi-daemon/socket"] = "";
  EXPECT_THAT(ask(check_host_name).text, HasSubstr("robot.local"));
}

TEST_F(NetworkChecks, SaysHowEachFirewallIsOpened) {
  const auto with = [&](const std::string& file, const std::string& text) {
    machine_.files = {{file, text}};
    return ask(check_firewall);
  };
  const Finding ufw = with("/etc/ufw/ufw.conf", "# ufw\nENABLED=yes\nLOGLEVEL=low\n");
  EXPECT_EQ(ufw.verdict, Verdict::note);
  EXPECT_EQ(ufw.advice, "sudo ufw allow 9000/tcp");
  EXPECT_EQ(with("/etc/ufw/ufw.conf", "#\nENABLED=no\n").verdict, Verdict::ok);
  EXPECT_EQ(with("/run/firewalld/x", "").advice, "sudo firewall-cmd --add-port=9000/tcp");
  EXPECT_THAT(with("/proc/net/ip_tables_names", "filter\n").advice, HasSubstr("--dport 9000"));
  EXPECT_THAT(with("/etc/systemd/system/sysinit.target.wants/nftables.service", "").advice,
              HasSubstr("tcp dport 9000 accept"));
}

TEST_F(NetworkChecks, TellsOfProxiesWithoutTheirPasswords) {
  machine_.variables["http_proxy"] = "http://me:secret@proxy:3128";
  const Finding finding = ask(check_proxy);
  EXPECT_EQ(finding.verdict, Verdict::note);
  EXPECT_THAT(finding.text, HasSubstr("http_proxy is http://proxy:3128: clients go through it"));
  EXPECT_THAT(finding.text, Not(HasSubstr("secret")));
  machine_.variables = {{"HTTP_PROXY", "proxy:3128"}};
  EXPECT_THAT(ask(check_proxy).text, HasSubstr("small letters only"));
}

}  // namespace
}  // namespace simws::host
