// Where brokers are, as options say it.
#pragma once

#include <simws/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace simws::broker {

struct ServerList {
  std::vector<std::string> urls;  // nats://host[:port], without a user
  bool is_secure = false;         // one of them is tls://
  // Of the first that names any, percent-decoded: the same for all.
  std::string user;
  std::string password;
  std::string token;

  std::string shown() const;  // for people: without what nobody may see
};

// nats://[user:password@ or token@]host[:port] or tls://…, several with commas between.
Result<ServerList> parse_servers(std::string_view urls);

}  // namespace simws::broker
