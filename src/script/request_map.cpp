#include "script/request_map.h"

#include "base/query.h"
#include "script/function_table.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>

namespace simws::script {

namespace {

// Tokens, which have been checked.
List token_list(std::string_view text) {
  List list;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    std::string_view token = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!token.empty() && (token.front() == ' ' || token.front() == '\t'))
      token.remove_prefix(1);
    while (!token.empty() && (token.back() == ' ' || token.back() == '\t')) token.remove_suffix(1);
    if (!token.empty()) list.push_back({std::string(token)});
  }
  return list;
}

}  // namespace

Map request_map(const ConnectionInfo& info) {
  Map map;
  map.push_back({"method", {std::string(info.request.method())}});
  map.push_back({"headers", {header_map(info.request)}});
  map.push_back({"remoteAddress", {info.remote_address}});
  return map;
}

Map upgrade_map(const ConnectionInfo& info) {
  const std::string_view resource = info.request.resource();
  const auto origin = info.request.find("Origin");
  Map map = request_map(info);
  map.push_back({"resource", {std::string(resource)}});
  map.push_back({"path", {std::string(path_of(resource))}});
  map.push_back({"query", {query_map(resource)}});
  map.push_back({"subprotocols", {token_list(info.request.joined("Sec-WebSocket-Protocol"))}});
  map.push_back({"origin", origin ? Value{std::string(*origin)} : Value{}});
  return map;
}

// Peers choose the names, so the time to find one may not depend on which they are.
Map query_map(std::string_view resource) {
  std::set<std::string> names;
  Map map;
  for_each_query_pair(query_of(resource),
                      [&](std::string_view, std::string_view name, std::string_view value) {
                        const auto [place, is_new] = names.insert(form_decode(name));
                        if (is_new) map.push_back({*place, {form_decode(value)}});
                      });
  return map;
}

}  // namespace simws::script
