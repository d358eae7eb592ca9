// Where brokers are, as options say it: nats://[user:password@ or token@]host[:port] or tls://…,
// several with commas between, and spaces around these.
#pragma once

#include <simws/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol {

struct ServerList {
  std::vector<std::string> urls;  // nats://host[:port], without a user
  bool is_secure = false;         // one of them is tls://
  // Of the first that names any, percent-decoded: the same for all.
  std::string user;
  std::string password;
  std::string token;

  std::string shown() const;  // for people: without what nobody may see
};

// Errors show no password.
Result<ServerList> parse_servers(std::string_view urls);

// The same text with *** for users, passwords and tokens, whether it can be parsed or not.
std::string shown_url(std::string_view urls);
// Another text in which they may stand, as of a program that was given the URLs.
std::string without_secrets(std::string text, std::string_view urls);

}  // namespace simws::protocol
