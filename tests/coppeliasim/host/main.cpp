// A simulator for tests of the plugin: loads a core, which loads the plugin.
//
//   coppeliasim_host --core=libcore.so --plugin=libsimWS.so --version=4.9 --lua=folder…
#include "clock.h"

#include <dlfcn.h>

#include <cstdio>
#include <cstring>

namespace {

const char* core_path(int count, char** arguments) {
  constexpr char option[] = "--core=";
  for (int i = 1; i < count; ++i) {
    if (std::strncmp(arguments[i], option, sizeof option - 1) == 0) {
      return arguments[i] + sizeof option - 1;
    }
  }
  return nullptr;
}

}  // namespace

int main(int count, char** arguments) {
  const char* const path = core_path(count, arguments);
  void* const core = path ? dlopen(path, RTLD_NOW | RTLD_GLOBAL) : nullptr;
  void* const found = core ? dlsym(core, "simhost_main") : nullptr;
  if (!found) {
    std::fprintf(stderr, "no core: %s\n", path ? dlerror() : "--core=<path> is missing");
    return 1;
  }
  return reinterpret_cast<int (*)(int, char**)>(found)(count, arguments);
}
