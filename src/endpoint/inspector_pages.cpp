#include "endpoint/inspector_pages.h"

#include "base/query.h"
#include "endpoint/built_in_file.h"
#include "endpoint/inspector.h"
#include "protocol/http/headers.h"
#include "protocol/http/response.h"
#include "protocol/http/syntax.h"
#include "protocol/topics/topic_messages.h"

#include <string>
#include <utility>

namespace simws::endpoint {

namespace {

using protocol::Refused;
using protocol::http::plain_response;

constexpr std::string_view folder = "/_simws/";
constexpr std::string_view first_page = "index.html";

// Nothing from elsewhere is loaded, nothing inline is run, and nobody shows it in a frame, where
// clicks could be led astray.
constexpr std::string_view policy =
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "object-src 'none'; frame-ancestors 'none'";

bool is_in_folder(std::string_view path) {
  return path.starts_with(folder) || path == folder.substr(0, folder.size() - 1);
}

// RFC 9110, 15.5.22: it says to what.
HttpResponse upgrade_required() {
  HttpResponse response = plain_response(426, "This is the inspector's WebSocket.");
  response.headers.emplace_back("Upgrade", "websocket");
  return response;
}

HttpResponse page(std::string_view name, const RequestHead& request) {
  const BuiltInFile* const file = find_built_in_file(name.empty() ? first_page : name);
  if (!file) return plain_response(404, "There is no such page.");
  return answer_with(*file, request,
                     {{"Content-Security-Policy", std::string(policy)},
                      {"X-Frame-Options", "DENY"},
                      {"Referrer-Policy", "no-referrer"}});
}

Refused refuse_with(int status, std::string_view reason) {
  return {plain_response(status, reason), std::string(reason)};
}

class InspectorService final : public HttpService {
 public:
  explicit InspectorService(std::function<bool()> has_room) : has_room_(std::move(has_room)) {}

  std::optional<Refused> refuse(const protocol::EntryRequest& request) override {
    const std::string_view path = path_of(request.head.resource());
    if (!request.is_websocket || !is_in_folder(path)) return std::nullopt;
    if (path != inspector_path) return refuse_with(404, "There is no WebSocket here.");
    return refuse_page(request);
  }

  std::optional<HttpResponse> answer(const HttpRequest& request) override {
    const std::string_view path = path_of(request.resource);
    if (!is_in_folder(path)) return std::nullopt;
    if (request.method != "GET" && request.method != "HEAD") {
      HttpResponse response = plain_response(405, "The inspector's pages are read only.");
      response.headers.emplace_back("Allow", "GET, HEAD");
      return response;
    }
    // Names in the page are relative to the folder.
    if (!path.starts_with(folder))
      return HttpResponse{308, {}, {{"Location", std::string(folder)}}};
    if (path == inspector_path) return upgrade_required();
    return page(path.substr(folder.size()), request.head);
  }

 private:
  // Pages of other ports of this host, and those that `origins` lists, may connect to the
  // application, but not see all that others send, and act.
  std::optional<Refused> refuse_page(const protocol::EntryRequest& request) const {
    const auto origin = request.head.find("Origin");
    if (!origin || request.head.count("Origin") > 1 || !protocol::is_own_origin(request, *origin)) {
      return refuse_with(403, "the inspector is for pages of this server itself, not of " +
                                  (origin ? protocol::http::in_quotes(*origin) : "none"));
    }
    if (!protocol::http::has_list_item(request.head, "Sec-WebSocket-Protocol",
                                       protocol::topics_subprotocol)) {
      return refuse_with(400, "the inspector speaks simws.topics.1");
    }
    if (has_room_()) return std::nullopt;
    return refuse_with(503, "the inspector is open in " + std::to_string(Inspector::most_viewers) +
                                " pages already, and no more may be");
  }

  const std::function<bool()> has_room_;
};

}  // namespace

std::unique_ptr<HttpService> make_inspector_service(std::function<bool()> has_room) {
  return std::make_unique<InspectorService>(std::move(has_room));
}

}  // namespace simws::endpoint
