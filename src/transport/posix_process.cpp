#ifndef _WIN32

#include "base/thread.h"
#include "transport/process.h"
#include "transport/system_socket.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>

extern char** environ;

namespace simws::transport {

namespace {

struct SocketPair {
  Socket ours;
  Socket theirs;
};

std::optional<SocketPair> make_pair() {
  std::array<int, 2> ends{};
#ifdef SOCK_CLOEXEC
  constexpr int type = SOCK_STREAM | SOCK_CLOEXEC;
#else
  constexpr int type = SOCK_STREAM;
#endif
  if (::socketpair(AF_UNIX, type, 0, ends.data()) != 0) return std::nullopt;
  SocketPair pair{Socket(ends[0]), Socket(ends[1])};
  for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
#ifdef SO_NOSIGPIPE
  system::set_option(ends[0], SOL_SOCKET, SO_NOSIGPIPE, 1);
#endif
  return pair;
}

// Other parts of this process open files that programs would inherit.
int close_others(posix_spawn_file_actions_t& actions) {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
  return posix_spawn_file_actions_addclosefrom_np(&actions, 3);
#else
  (void)actions;
  return 0;
#endif
}

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  int set(int standard_input) {
    const int error = posix_spawn_file_actions_adddup2(&actions_, standard_input, 0);
    return error != 0 ? error : close_others(actions_);
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// Signals are as in a new process, whatever this one has made of them.
class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGCHLD}) sigaddset(&usual, signal);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &usual);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

Error failure(const std::string& program, int error) {
  return {system::code_of(error), program + " can't be started: " + words(error)};
}

// True: it has ended, or is nobody's to wait for.
bool has_ended(pid_t id) {
  for (;;) {
    const pid_t ended = ::waitpid(id, nullptr, WNOHANG);
    if (ended != -1 || errno != EINTR) return ended != 0;
  }
}

bool ends_within(pid_t id, std::chrono::milliseconds longest) {
  using namespace std::chrono_literals;
  const auto until = std::chrono::steady_clock::now() + longest;
  for (auto pause = 1ms; !has_ended(id); pause = std::min(pause * 2, 50ms)) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(pause);
  }
  return true;
}

// A killed one ends at once, but for what it asks of the system.
void see_off(pid_t id, std::chrono::milliseconds patience) {
  if (ends_within(id, patience)) return;
  ::kill(id, SIGTERM);
  if (ends_within(id, patience)) return;
  ::kill(id, SIGKILL);
  ends_within(id, patience);
}

bool is_program(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

// Where this code was loaded from; empty: the system doesn't tell.
std::string own_folder() {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(&find_program), &info) == 0 || !info.dli_fname) {
    return {};
  }
  // A program that was found by the PATH is known by its name only.
  const bool is_path = std::string_view(info.dli_fname).find('/') != std::string_view::npos;
  char* const resolved = ::realpath(is_path ? info.dli_fname : "/proc/self/exe", nullptr);
  if (!resolved) return {};
  const std::string path(resolved);
  std::free(resolved);
  return path.substr(0, path.rfind('/'));
}

std::string find_above(std::string folder, const std::string& name) {
  constexpr int most_levels = 6;
  for (int level = 0; level < most_levels && !folder.empty(); ++level) {
    for (const char* const place : {"/libexec/simws/", "/bin/"}) {
      if (std::string path = folder + place + name; is_program(path)) return path;
    }
    folder.resize(folder.rfind('/'));
  }
  return {};
}

std::string find_on_path(const std::string& name) {
  const char* const variable = std::getenv("PATH");
  std::string_view rest = variable ? variable : "";
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const std::string folder(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::string path = folder + "/" + name;
    if (!folder.empty() && is_program(path)) return path;
  }
  return {};
}

// Where packages put it, whatever folder this was copied to.
std::string find_installed(const std::string& name) {
  for (const char* const place : {"/usr/local/libexec/simws/", "/usr/libexec/simws/"}) {
    if (std::string path = place + name; is_program(path)) return path;
  }
  return {};
}

}  // namespace

ChildProcess::~ChildProcess() {
  if (id_ == 0) return;
  const auto id = static_cast<pid_t>(id_);
  if (has_ended(id)) return;
  try {
    start_unawaited_thread([id] { see_off(id, patience); });
  } catch (...) {
    // Without a thread there's no time to give it.
    ::kill(id, SIGKILL);
    ends_within(id, std::chrono::milliseconds(100));
  }
}

Result<Spawned> spawn(const std::string& program) {
  std::optional<SocketPair> pair = make_pair();
  if (!pair) return failure(program, errno);
  FileActions actions;
  const Attributes attributes;
  if (const int error = actions.set(pair->theirs.descriptor()); error != 0) {
    return failure(program, error);
  }
  std::string name = program;
  const std::array<char*, 2> arguments = {name.data(), nullptr};
  pid_t id = 0;
  const int error = ::posix_spawn(&id, program.c_str(), actions.get(), attributes.get(),
                                  arguments.data(), environ);
  if (error != 0) return failure(program, error);
  return Spawned{ChildProcess(id), std::move(pair->ours)};
}

std::string find_program(std::string_view name) {
  const std::string program(name);
  const std::string folder = own_folder();
  if (!folder.empty()) {
    if (std::string path = folder + "/" + program; is_program(path)) return path;
    if (std::string path = find_above(folder, program); !path.empty()) return path;
  }
  if (std::string path = find_on_path(program); !path.empty()) return path;
  return find_installed(program);
}

}  // namespace simws::transport

#endif
