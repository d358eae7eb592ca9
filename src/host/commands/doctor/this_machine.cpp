#include "host/commands/doctor/this_machine.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/io_uring.h>
#include <sys/syscall.h>
#endif

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <system_error>
#include <thread>

namespace simws::host {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_of_a_file = 64u << 10;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

SocketAddress address_of(const std::string& ip, int port) {
  SocketAddress address;
  const auto port_number = htons(static_cast<std::uint16_t>(port));
  auto& ipv4 = reinterpret_cast<sockaddr_in&>(address.storage);
  auto& ipv6 = reinterpret_cast<sockaddr_in6&>(address.storage);
  if (inet_pton(AF_INET, ip.c_str(), &ipv4.sin_addr) == 1) {
    ipv4.sin_family = AF_INET;
    ipv4.sin_port = port_number;
    address.size = sizeof(sockaddr_in);
  } else if (inet_pton(AF_INET6, ip.c_str(), &ipv6.sin6_addr) == 1) {
    ipv6.sin6_family = AF_INET6;
    ipv6.sin6_port = port_number;
    address.size = sizeof(sockaddr_in6);
  }
  return address;
}

// As servers listen: an address whose connections wait for their end is free.
int listen_error(int descriptor, const SocketAddress& address) {
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto* any = reinterpret_cast<const sockaddr*>(&address.storage);
  if (bind(descriptor, any, address.size) != 0 || listen(descriptor, 1) != 0) return errno;
  return 0;
}

std::string text_of(const ifaddrs& interface) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (interface.ifa_addr->sa_family == AF_INET) {
    const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(*interface.ifa_addr);
    inet_ntop(AF_INET, &ipv4.sin_addr, text.data(), text.size());
  } else if (interface.ifa_addr->sa_family == AF_INET6) {
    const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(*interface.ifa_addr);
    if (!IN6_IS_ADDR_LINKLOCAL(&ipv6.sin6_addr)) {
      inet_ntop(AF_INET6, &ipv6.sin6_addr, text.data(), text.size());
    }
  }
  return text.data();
}

}  // namespace

std::optional<std::string> ThisMachine::read(const std::string& file) const {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  std::string text(most_of_a_file, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return std::nullopt;
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

bool ThisMachine::exists(const std::string& file) const {
  std::error_code error;
  return fs::exists(file, error);
}

std::vector<std::string> ThisMachine::list(const std::string& folder) const {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    names.push_back(at->path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

std::string ThisMachine::link(const std::string& file) const {
  std::error_code error;
  return fs::read_symlink(file, error).string();
}

std::string ThisMachine::variable(const std::string& name) const {
  const char* const value = std::getenv(name.c_str());
  return value ? value : "";
}

std::string ThisMachine::find_program(const std::string& name) const {
  std::istringstream folders(variable("PATH") + ":/usr/sbin:/sbin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = folder + '/' + name;
    if (access(file.c_str(), X_OK) == 0 && !fs::is_directory(file)) return file;
  }
  return {};
}

// A ring of one entry, as io_uring_setup(2) has it.
int ThisMachine::try_ring() const {
#ifdef __linux__
  io_uring_params parameters{};
  const long ring = syscall(SYS_io_uring_setup, 1, &parameters);
  if (ring < 0) return errno;
  close(static_cast<int>(ring));
  return (parameters.features & IORING_FEAT_FAST_POLL) ? 0 : ENOSYS;
#else
  return ENOSYS;
#endif
}

int ThisMachine::try_listening(const std::string& ip, int port) const {
  const SocketAddress address = address_of(ip, port);
  const int descriptor = socket(address.storage.ss_family, SOCK_STREAM, 0);
  if (descriptor < 0) return errno;
  const int error = listen_error(descriptor, address);
  close(descriptor);
  return error;
}

std::uint64_t ThisMachine::descriptor_limit() const {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

unsigned ThisMachine::processors() const {
  return std::thread::hardware_concurrency();
}

std::string ThisMachine::kernel() const {
  utsname names{};
  return uname(&names) == 0 ? names.release : "";
}

std::string ThisMachine::host_name() const {
  utsname names{};
  return uname(&names) == 0 ? names.nodename : "";
}

bool ThisMachine::resolves(const std::string& name) const {
  addrinfo* list = nullptr;
  if (getaddrinfo(name.c_str(), nullptr, nullptr, &list) != 0) return false;
  freeaddrinfo(list);
  return true;
}

std::vector<std::string> ThisMachine::addresses() const {
  std::vector<std::string> found;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return found;
  for (const ifaddrs* each = list; each; each = each->ifa_next) {
    const bool is_up = (each->ifa_flags & IFF_UP) != 0 && (each->ifa_flags & IFF_LOOPBACK) == 0;
    if (!is_up || !each->ifa_addr) continue;
    if (std::string text = text_of(*each); !text.empty()) found.push_back(std::move(text));
  }
  freeifaddrs(list);
  return found;
}

std::string ThisMachine::python_half() const {
  const fs::path folder = fs::path(link("/proc/self/exe")).parent_path();
  return (folder / SIMWS_PYTHON_HOST_FOLDER / "simws_host.py").lexically_normal().string();
}

}  // namespace simws::host
