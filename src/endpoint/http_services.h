// What answers HTTP before the application does: a chain, on the network's side, that ends at the
// application's handler.
#pragma once

#include "endpoint/http_later.h"
#include "protocol/opening_handshake.h"

#include <simws/http.h>

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace simws::endpoint {

// One link of the chain. Belongs to the loop's thread.
class HttpService {
 public:
  virtual ~HttpService() = default;

  // Judges by the head alone, as it came, before any of the body is read; for WebSocket attempts
  // too. Nothing: the next one is asked.
  virtual std::optional<protocol::Refused> refuse(const protocol::EntryRequest&) {
    return std::nullopt;
  }
  // Has the answer by then to a plain request; what is left of that is read over. Nothing: as
  // above.
  virtual std::optional<HttpResponse> answer_head(const protocol::EntryRequest&) {
    return std::nullopt;
  }
  // Answers a whole request. Nothing: the next one is asked.
  virtual std::optional<HttpResponse> answer(const HttpRequest&) { return std::nullopt; }
  // Answers it later; the service may end before that. Null: as above.
  virtual std::unique_ptr<LaterAnswer> answer_later(const HttpRequest&, LaterHost&) {
    return nullptr;
  }
};

// By the first service that has one; neither: the application has it.
struct ServiceAnswer {
  std::optional<HttpResponse> now;
  std::unique_ptr<LaterAnswer> later;
};

class HttpServices {
 public:
  void add(std::unique_ptr<HttpService> service) { chain_.push_back(std::move(service)); }

  std::optional<protocol::Refused> refuse(const protocol::EntryRequest& request) const;
  std::optional<HttpResponse> answer_head(const protocol::EntryRequest& request) const;
  ServiceAnswer answer(const HttpRequest& request, LaterHost& host) const;

 private:
  std::vector<std::unique_ptr<HttpService>> chain_;
};

// Who may come in: Host, Origin, Sec-Fetch-Site. Those of a WebSocket are judged with its
// handshake. Nobody is asked for what is public.
std::unique_ptr<HttpService> make_entry_service(
    const protocol::EntryRules& rules,
    std::function<bool(const RequestHead&)> is_public = [](const RequestHead&) { return false; });
// Where the application has no handler: 404, or for a browser the page that says what this is.
std::unique_ptr<HttpService> make_nothing_here_service(bool has_info_page);

}  // namespace simws::endpoint
