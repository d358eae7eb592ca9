// What the CoppeliaSim plugin costs the simulation's thread: an idle instance pass, and receiving a
// 64-byte message and answering it, beyond what the simulator itself does for the script's call.
//
//   bench_coppelia_pass libsimWS.so [messages]
#include "coppelia/core.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <thread>

namespace {

using bench::core;
using bench::Stack;

constexpr int script = 15;
constexpr int batch = 64;  // messages in flight
constexpr std::size_t message_bytes = 64;

struct InitData {
  const char* plugin_name;
  const char* core_path;
};
struct Message {
  int id;
  int* data;
  void* pointer;
};

struct Plugin {
  int (*init)(InitData*) = nullptr;
  void (*cleanup)() = nullptr;
  void (*message)(Message*) = nullptr;

  void pass() const {
    int flags[4] = {};
    Message message_269{269, flags, nullptr};
    message(&message_269);
  }
};

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "bench_coppelia_pass: %s\n", what.c_str());
  std::exit(2);
}

Plugin load(const char* path) {
  void* const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) fail(dlerror());
  Plugin plugin;
  plugin.init = reinterpret_cast<int (*)(InitData*)>(dlsym(library, "simInit"));
  plugin.cleanup = reinterpret_cast<void (*)()>(dlsym(library, "simCleanup"));
  plugin.message = reinterpret_cast<void (*)(Message*)>(dlsym(library, "simMsg"));
  InitData init{"simWS", ""};  // this program itself is the core
  if (!plugin.init || plugin.init(&init) == 0) fail("the plugin refuses to start");
  return plugin;
}

// Calls a function of the plugin as a script would.
template <typename Push>
Stack call(const char* name, Push push) {
  const int handle = core().take_stack();
  Stack& stack = core().stacks[static_cast<std::size_t>(handle)];
  stack.clear();
  push(stack);
  core().call(core().registered.at(name), script, handle);
  const Stack results = stack;
  core().give_stack_back();
  return results;
}

std::string start() {
  Stack results = call("start", [](Stack& stack) { stack.push(9).integer = 0; });
  if (results.size() == 0) fail(core().last_error);
  return std::string(results.top().text());
}

int port_of(const std::string& server) {
  return static_cast<int>(
      call("getServerInfo", [&](Stack& stack) { stack.push_text(server); }).top().integer);
}

// Sends batches of messages and waits for their echoes.
class Client {
 public:
  explicit Client(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      fail("can't connect");
    }
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    send(
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    char head[4096];
    if (::recv(socket_, head, sizeof head, 0) <= 0) fail("no answer to the handshake");
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void echo(int batches) const {
    std::string frames;
    for (int i = 0; i < batch; ++i) {
      frames += std::string{'\x81', static_cast<char>(0x80 | message_bytes), 0, 0, 0, 0};
      frames += std::string(message_bytes, 'x');
    }
    for (int i = 0; i < batches; ++i) {
      send(frames);
      receive(batch * (2 + message_bytes));
    }
  }

 private:
  void send(std::string_view data) const {
    while (!data.empty()) {
      const ssize_t sent = ::send(socket_, data.data(), data.size(), MSG_NOSIGNAL);
      if (sent <= 0) fail("can't send");
      data.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void receive(std::size_t count) const {
    char part[65536];
    while (count > 0) {
      const ssize_t got = ::recv(socket_, part, std::min(count, sizeof part), 0);
      if (got <= 0) fail("the connection has ended");
      count -= static_cast<std::size_t>(got);
    }
  }

  const int socket_;
};

double thread_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// Write calls of this thread so far: wake-ups are such.
long writes() {
  std::ifstream file("/proc/thread-self/io");
  std::string name;
  long value = 0;
  while (file >> name >> value) {
    if (name == "syscw:") return value;
  }
  return 0;
}

void echo(Stack& stack) {
  const int handle = core().take_stack();
  Stack& arguments = core().stacks[static_cast<std::size_t>(handle)];
  arguments.clear();
  for (std::size_t i = 0; i < 3; ++i) arguments.push_text(stack[i].text());
  core().call(core().registered.at("send"), script, handle);
  core().give_stack_back();
  stack.clear();
}

double idle_ns(const Plugin& plugin) {
  constexpr int passes = 2'000'000;
  const double begun = thread_ns();
  for (int i = 0; i < passes; ++i) plugin.pass();
  return (thread_ns() - begun) / passes;
}

struct Measured {
  double ns = 0;
  double passes = 0;
  long writes = 0;
};

// Passes of a simulation that is at something else in between.
Measured measure(const Plugin& plugin, const Client& client, int messages, long& handled) {
  std::atomic<bool> is_done{false};
  std::thread sender([&] {
    client.echo(messages / batch);
    is_done = true;
  });
  Measured measured;
  const long writes_before = writes();
  while (!is_done) {
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    const long before = handled;
    const double begun = thread_ns();
    plugin.pass();
    const double took = thread_ns() - begun;
    if (handled == before) continue;
    measured.ns += took;
    ++measured.passes;
  }
  sender.join();
  measured.writes = writes() - writes_before;
  return measured;
}

// The simulator's functions that one message takes, without the plugin.
double simulator_ns(int messages) {
  constexpr std::string_view handle = "simWS.Connection:1:1";
  const std::string data(message_bytes, 'x');
  const double begun = thread_ns();
  for (int i = 0; i < messages; ++i) {
    const int outer = core().take_stack();
    Stack& stack = core().stacks[static_cast<std::size_t>(outer)];
    stack.clear();
    for (const std::string_view text : {handle, handle, std::string_view(data)}) {
      stack.push_text(text);
    }
    const int inner = core().take_stack();
    Stack& arguments = core().stacks[static_cast<std::size_t>(inner)];
    arguments.clear();
    for (std::size_t k = 0; k < 3; ++k) arguments.push_text(stack[k].text());
    for (int k = 0; k < 3; ++k) {
      arguments.move_to_top(0);
      const std::string_view text = arguments.top().text();
      char* const copy = new char[text.size() + 1];
      std::memcpy(copy, text.data(), text.size());
      arguments.pop(1);
      delete[] copy;
    }
    arguments.push(2).integer = 1;
    core().give_stack_back();
    core().give_stack_back();
  }
  return (thread_ns() - begun) / messages;
}

void report(const char* what, double value) {
  std::printf("%-58s %8.0f ns\n", what, value);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) fail("usage: bench_coppelia_pass libsimWS.so [messages]");
  const int messages = argc > 2 ? std::atoi(argv[2]) : 200'000;
  const Plugin plugin = load(argv[1]);
  {
    const std::string server = start();
    report("idle pass, one server", idle_ns(plugin));

    long handled = 0;
    core().on_call = [&](Stack& stack) {
      ++handled;
      echo(stack);
    };
    call("setMessageHandler", [&](Stack& stack) {
      stack.push_text(server);
      stack.push_text("onMessage");
    });
    const Client client(port_of(server));
    plugin.pass();
    measure(plugin, client, messages / 10, handled);
    handled = 0;
    const Measured measured = measure(plugin, client, messages, handled);
    const double whole = measured.ns / static_cast<double>(handled);
    const double simulator = simulator_ns(messages);
    report("64 B received and answered, the simulation's thread", whole);
    report("  of it the functions of the simulator (a minimal one)", simulator);
    report("  of it the plugin", whole - simulator);
    std::printf("%-58s %8.1f      %.2f write calls each\n", "messages for each pass",
                static_cast<double>(handled) / measured.passes,
                static_cast<double>(measured.writes) / measured.passes);
  }
  plugin.cleanup();
}
