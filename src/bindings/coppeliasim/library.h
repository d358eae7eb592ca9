// A library that is loaded already, as the system's loader knows it.
#pragma once

#include <simws/result.h>

#include <string>

namespace simws::coppeliasim {

class Library {
 public:
  static Result<Library> open(const std::string& path);
  ~Library();
  Library(Library&& other) noexcept;
  Library& operator=(Library&&) = delete;
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  using Function = void (*)();
  // Null when it exports no such function.
  Function find(const char* name) const;

 private:
  explicit Library(void* handle) : handle_(handle) {}

  void* handle_;
};

}  // namespace simws::coppeliasim
