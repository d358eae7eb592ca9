#include "host/lua/python_program.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

namespace simws::host {

namespace {

constexpr const char* python = "python3";

}  // namespace

std::string become_python(char** argv) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path host = program.parent_path() / SIMWS_PYTHON_HOST_FOLDER / "simws_host.py";
  if (error || !fs::exists(host, error)) {
    return "this simws was built without Python: install python3-dev (Debian: sudo apt-get install "
           "python3-dev) and build it again with -DSIMWS_PYTHON=ON";
  }
  std::string name = python;
  std::string script = host.lexically_normal().string();
  std::vector<char*> arguments = {name.data(), script.data()};
  while (*++argv) arguments.push_back(*argv);
  arguments.push_back(nullptr);
  execvp(python, arguments.data());
  return "Python scripts need " + name +
         " on the PATH (Debian: sudo apt-get install python3): " + std::strerror(errno);
}

}  // namespace simws::host
