// What a TLS server makes of the first bytes that come.
#include "transport/tls_hello.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace simws::transport {
namespace {

using Kind = TlsHello::Kind;

std::string big_endian(std::size_t number, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(number >> (8 * i) & 0xff);
  return text;
}

std::string record(const std::string& payload, char type = 22, char major = 3) {
  return std::string{type, major, 1} + big_endian(payload.size(), 2) + payload;
}

std::string message(std::size_t size, char type = 1) {
  return type + big_endian(size, 3) + std::string(size, 'x');
}

// In records of `size`.
std::string in_records(const std::string& text, std::size_t size) {
  std::string records;
  for (std::size_t at = 0; at < text.size(); at += size) records += record(text.substr(at, size));
  return records;
}

// What it is when it has come in portions, and how much had to come for that.
struct Found {
  Kind kind;
  std::size_t size;
};
Found receive(const std::string& text, std::size_t portion) {
  TlsHello hello;
  for (std::size_t at = 0; at < text.size(); at += portion) {
    const Kind kind = hello.receive(as_bytes(text.substr(at, portion)));
    const std::size_t taken = std::min(text.size(), at + portion);
    if (kind == Kind::client_hello || kind == Kind::plain_http) {
      EXPECT_EQ(hello.text(), text.substr(0, taken));
    }
    if (kind != Kind::unknown) return {kind, taken};
  }
  return {Kind::unknown, text.size()};
}

void expect(const std::string& text, Kind kind) {
  for (const std::size_t portion : {text.size(), std::size_t{1}, std::size_t{7}}) {
    EXPECT_EQ(receive(text, portion).kind, kind) << text.substr(0, 20) << " by " << portion;
  }
  for (std::size_t at = 1; at < text.size(); at += 1 + text.size() / 64) {
    TlsHello hello;
    Kind found = hello.receive(as_bytes(text.substr(0, at)));
    if (found == Kind::unknown) found = hello.receive(as_bytes(text.substr(at)));
    EXPECT_EQ(found, kind) << text.substr(0, 20) << " split at " << at;
  }
}

TEST(ATlsHello, IsWholeWithTheLastByteOfTheFirstMessage) {
  for (const std::size_t size : {1U, 2U, 100U, 16'384U}) {
    const std::string text = in_records(message(300), size);
    expect(text, Kind::client_hello);
    expect(text.substr(0, text.size() - 1), Kind::unknown);
    EXPECT_EQ(receive(text + "more", 1).size, text.size());
  }
}

TEST(ATlsHello, IsRefusedBeyondItsLimit) {
  expect(in_records(message(TlsHello::max_size - 4), 16'000).substr(0, 16'000), Kind::unknown);
  expect(in_records(message(1'000'000), 100), Kind::too_large);
  expect(record("\x01"), Kind::unknown);
  expect(in_records(message(16'000), 1), Kind::too_large);  // records count
}

TEST(ATlsHello, IsRefusedWhereAnotherMessageComes) {
  expect(record(message(100, 2)), Kind::foreign);
  expect(record(message(4)) /* whole */, Kind::client_hello);
  expect(record("\x01") + record("x", 23), Kind::foreign);
  expect(record("\x01") + record("x", 22, 2), Kind::foreign);
  expect(record(""), Kind::foreign);
  expect(std::string("\x16\x03\x01\xff\xff", 5), Kind::foreign);
}

TEST(ATlsHello, KnowsPlainHttpByItsMethod) {
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    expect(std::string(method) + " ", Kind::plain_http);
    expect(method, Kind::unknown);
  }
  for (const char* text : {"GOT / HTTP/1.1", "get / HTTP/1.1", "SSH-2.0-OpenSSH_9.2", "\r\n",
                           "\x80\x2e\x01\x03\x01", "PRI * HTTP/2.0", "GETX"}) {
    expect(text, Kind::foreign);
  }
}

TEST(ATlsHello, KeepsSoMuchOfPlainHttp) {
  TlsHello hello;
  EXPECT_EQ(hello.receive(as_bytes("GET /")), Kind::plain_http);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(hello.receive(as_bytes(std::string(1000, 'x'))), Kind::plain_http);
  }
  EXPECT_EQ(hello.bytes().size(), TlsHello::max_size);
  TlsHello at_once;
  EXPECT_EQ(at_once.receive(as_bytes("GET /" + std::string(100'000, 'x'))), Kind::plain_http);
  EXPECT_EQ(at_once.bytes().size(), TlsHello::max_size);
}

}  // namespace
}  // namespace simws::transport
