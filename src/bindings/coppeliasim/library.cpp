#include "bindings/coppeliasim/library.h"

#include <utility>

#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace simws::coppeliasim {

namespace {

#ifdef _WIN32
void* load(const std::string& path) {
  return LoadLibraryA(path.c_str());
}
std::string last_failure() {
  return "Windows error " + std::to_string(GetLastError());
}
void unload(void* handle) {
  FreeLibrary(static_cast<HMODULE>(handle));
}
Library::Function look_up(void* handle, const char* name) {
  return reinterpret_cast<Library::Function>(GetProcAddress(static_cast<HMODULE>(handle), name));
}
#else
void* load(const std::string& path) {
  return dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL);
}
std::string last_failure() {
  const char* const message = dlerror();
  return message ? message : "no reason given";
}
void unload(void* handle) {
  dlclose(handle);
}
Library::Function look_up(void* handle, const char* name) {
  return reinterpret_cast<Library::Function>(dlsym(handle, name));
}
#endif

}  // namespace

Result<Library> Library::open(const std::string& path) {
  if (void* const handle = load(path)) return Library(handle);
  return Error{ErrorCode::unavailable, "cannot open '" + path + "': " + last_failure()};
}

Library::~Library() {
  if (handle_) unload(handle_);
}

Library::Library(Library&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

Library::Function Library::find(const char* name) const {
  return look_up(handle_, name);
}

}  // namespace simws::coppeliasim
