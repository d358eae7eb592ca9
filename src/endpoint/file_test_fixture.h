// A server of files on the network in memory.
#pragma once

#include "endpoint/both_wires_test.h"
#include "endpoint/file_opening.h"
#include "transport/test_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace simws::endpoint::test {

// Bytes of which no two parts are alike.
inline std::string content_of(std::size_t size) {
  std::string content(size, '\0');
  std::uint32_t state = 1;
  for (char& c : content) {
    state = state * 1664525u + 1013904223u;
    c = static_cast<char>(state >> 24);
  }
  return content;
}

struct Answer {
  int status = 0;
  std::string head;
  std::string body;  // what has come of it

  std::string field(std::string_view name) const {
    const std::string searched = "\r\n" + std::string(name) + ": ";
    const std::size_t at = head.find(searched);
    if (at == head.npos) return {};
    const std::size_t begin = at + searched.size();
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

inline Answer parse_answer(const std::string& text) {
  Answer answer;
  const std::size_t end = text.find("\r\n\r\n");
  if (!text.starts_with("HTTP/1.1 ") || end == text.npos) return answer;
  answer.status = std::stoi(text.substr(9, 3));
  answer.head = text.substr(0, end + 2);
  answer.body = text.substr(end + 4);
  return answer;
}

inline std::string request(std::string_view target, std::string_view fields = {},
                           std::string_view method = "GET") {
  return std::string(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n") +
         std::string(fields) + "\r\n";
}

// Of a test of the fixture's, which starts its server.
template <typename Fixture>
class WithFiles : public Fixture {
 protected:
  void put(const std::string& name, std::string_view content) { files.put("www/" + name, content); }
  void serve(std::string_view prefix = "/", FileOptions options = {},
             const std::string& folder = "www") {
    std::filesystem::create_directories(files.path(folder));
    const auto found = ServedFolder::find(files.path(folder));
    ASSERT_TRUE(found);
    const auto served = this->core->serve_files(prefix, *found, std::move(options));
    ASSERT_TRUE(served) << served.error().message;
  }
  std::string ask(const std::string& text) {
    auto peer = this->connect();
    peer->send(text);
    this->loop->run_until_idle();
    return peer->take();
  }
  Answer get(std::string_view target, std::string_view fields = {},
             std::string_view method = "GET") {
    return parse_answer(ask(request(target, fields, method)));
  }
  // All that comes to a peer that takes so much at a time.
  std::string read_all(transport::MemoryPeer& peer) {
    std::string all;
    for (std::string part = peer.take(); !part.empty(); part = peer.take()) {
      all += part;
      this->loop->run_until_idle();
    }
    return all;
  }
  // Files of the folder that are open.
  std::size_t open_files() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      const auto target = std::filesystem::read_symlink(entry, gone).string();
      if (!gone && target.starts_with(files.path("www/"))) ++count;
    }
    return count;
  }

  transport::TestFiles files;
};

}  // namespace simws::endpoint::test
