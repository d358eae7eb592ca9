#include "host/commands/doctor/check_text.h"
#include "host/commands/doctor/checks.h"
#include "host/commands/doctor/port_holder.h"

#include <cerrno>
#include <string>
#include <string_view>

namespace simws::host {

namespace {

constexpr int first_free_of_privilege = 1024;

// A port that was asked for is wanted; the usual one is one of many.
Verdict verdict_on_port(const Question& question) {
  return question.is_port_given ? Verdict::problem : Verdict::note;
}

Finding taken(const Question& question, Finding finding) {
  const PortHolder holder = find_port_holder(question.machine, question.port);
  const std::string other = std::to_string(question.port < 65535 ? question.port + 1 : 9000);
  finding.verdict = verdict_on_port(question);
  finding.text =
      "taken by " + (holder.process.empty() ? "a program of another user"
                                            : holder.name + ", process " + holder.process);
  finding.advice = "choose another, such as " + other + ", or end that program: " +
                   (holder.process.empty()
                        ? "sudo ss -ltnp 'sport = :" + std::to_string(question.port) + "' tells it"
                        : "kill " + holder.process);
  return finding;
}

Finding privileged(const Question& question, Finding finding) {
  const std::string port = std::to_string(question.port);
  finding.verdict = verdict_on_port(question);
  finding.text = "only privileged programs may listen there";
  finding.advice = "choose one from " + std::to_string(first_free_of_privilege) +
                   " on, or: sudo sysctl net.ipv4.ip_unprivileged_port_start=" + port;
  return finding;
}

struct Firewall {
  const char* name;
  bool (*is_on)(const Machine& machine);
  const char* advice;  // PORT stands for the port
};

bool is_ufw_on(const Machine& machine) {
  return machine.read("/etc/ufw/ufw.conf").value_or("").find("\nENABLED=yes") != std::string::npos;
}

bool is_firewalld_on(const Machine& machine) {
  return machine.exists("/run/firewalld");
}

// Its service only loads rules, and is gone then.
bool is_nftables_on(const Machine& machine) {
  return machine.exists("/etc/systemd/system/sysinit.target.wants/nftables.service") ||
         machine.exists("/etc/systemd/system/multi-user.target.wants/nftables.service");
}

// For root alone to be seen.
bool is_iptables_on(const Machine& machine) {
  return !read_word(machine, "/proc/net/ip_tables_names").empty() ||
         !read_word(machine, "/proc/net/ip6_tables_names").empty();
}

constexpr Firewall firewalls[] = {
    {"ufw", is_ufw_on, "sudo ufw allow PORT/tcp"},
    {"firewalld", is_firewalld_on, "sudo firewall-cmd --add-port=PORT/tcp"},
    {"nftables", is_nftables_on,
     "sudo nft list ruleset shows its rules; sudo nft insert rule inet filter input tcp dport PORT "
     "accept"},
    {"iptables", is_iptables_on, "sudo iptables -I INPUT -p tcp --dport PORT -j ACCEPT"}};

std::string with_port(std::string text, int port) {
  constexpr std::string_view placeholder = "PORT";
  const std::size_t at = text.find(placeholder);
  return at == text.npos ? text : text.replace(at, placeholder.size(), std::to_string(port));
}

// Without user and password.
std::string without_credentials(const std::string& proxy) {
  const std::size_t at = proxy.rfind('@');
  if (at == proxy.npos) return proxy;
  const std::size_t scheme = proxy.find("://");
  return (scheme < at ? proxy.substr(0, scheme + 3) : "") + proxy.substr(at + 1);
}

}  // namespace

Finding check_port(const Question& question) {
  Finding finding{"port " + std::to_string(question.port), Verdict::ok, "free", ""};
  int error = 0;
  for (const char* const ip : {"0.0.0.0", "127.0.0.1", "::1"}) {
    const int found = question.machine.try_listening(ip, question.port);
    const bool lacks_ipv6 = found == EADDRNOTAVAIL || found == EAFNOSUPPORT;
    if (error == 0 && !(lacks_ipv6 && ip[0] == ':')) error = found;
  }
  if (error == 0) return finding;
  if (error == EADDRINUSE) return taken(question, finding);
  if (error == EACCES) return privileged(question, finding);
  finding.verdict = Verdict::problem;
  finding.text = "no program can listen, system error " + std::to_string(error);
  finding.advice = "look at the network: ip address; a sandbox may forbid sockets too";
  return finding;
}

Finding check_ipv6(const Question& question) {
  Finding finding{"IPv6", Verdict::ok, "there, on ::1 too", ""};
  const bool is_strict = read_word(question.machine, "/proc/sys/net/ipv6/bindv6only") == "1";
  if (question.machine.try_listening("::1", 0) != 0) {
    finding.text = "not there: clients come by IPv4, and nothing is missing on this machine";
  } else if (is_strict) {
    finding.text += "; a socket on :: takes IPv6 alone here (net.ipv6.bindv6only = 1)";
  } else {
    finding.text += "; a socket on :: takes IPv4 as well";
  }
  return finding;
}

Finding check_addresses(const Question& question) {
  Finding finding{"addresses", Verdict::ok, "", ""};
  const auto addresses = question.machine.addresses();
  if (addresses.empty()) {
    finding.text = "no network but this machine's own: nobody else reaches a server here";
    return finding;
  }
  finding.text = "other machines reach this one by " + listed(addresses);
  finding.advice = "they may come in with --lan, or host='*' in a script: see docs/security.md";
  return finding;
}

Finding check_host_name(const Question& question) {
  const std::string name = question.machine.host_name();
  Finding finding{"host name", Verdict::ok, name, ""};
  if (question.machine.exists("/run/avahi-daemon/socket")) {
    finding.text += ", and " + name + ".local for other machines of the network";
  }
  if (name.empty() || !question.machine.resolves(name)) {
    finding.verdict = Verdict::note;
    finding.text = "'" + name + "' has no address: programs that look it up wait or fail";
    finding.advice = "echo '127.0.1.1 " + name + "' | sudo tee -a /etc/hosts";
  }
  return finding;
}

Finding check_firewall(const Question& question) {
  Finding finding{"firewall", Verdict::ok, "none seen, as far as your user may look", ""};
  for (const Firewall& firewall : firewalls) {
    if (!firewall.is_on(question.machine)) continue;
    finding.verdict = Verdict::note;
    finding.text = std::string(firewall.name) +
                   " is on: other machines may not get through to port " +
                   std::to_string(question.port);
    finding.advice = with_port(firewall.advice, question.port);
    return finding;
  }
  return finding;
}

Finding check_proxy(const Question& question) {
  Finding finding{"proxy", Verdict::ok, "none in the environment", ""};
  for (const char* const name : {"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"}) {
    const std::string proxy = question.machine.variable(name);
    if (proxy.empty()) continue;
    const bool is_used = name[0] == 'h';
    finding.verdict = Verdict::note;
    finding.text = std::string(name) + " is " + without_credentials(proxy) + ": " +
                   (is_used ? "clients go through it, but not to this machine"
                            : "other programs may use it, simWS looks at small letters only");
    finding.advice = is_used ? "for servers of the network: export no_proxy=HOST, or --proxy none"
                             : "if clients need it: export http_proxy=\"$HTTP_PROXY\"";
    return finding;
  }
  return finding;
}

}  // namespace simws::host
