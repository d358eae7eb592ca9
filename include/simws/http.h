// Plain HTTP requests and their answers (RFC 9110, RFC 9112).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws {

// The header fields of an answer: names and values.
using HeaderList = std::vector<std::pair<std::string, std::string>>;

// The head of a request as received: immutable, and cheap to copy, as copies share its bytes,
// between threads too. It holds hardly more than the bytes that came, however many fields they are,
// mostly less, and is looked up in place. Views live as long as any copy. Names of fields compare
// without case.
class RequestHead {
 public:
  // Of no request: everything is empty.
  RequestHead() = default;
  RequestHead(const RequestHead& other) noexcept;
  RequestHead(RequestHead&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  RequestHead& operator=(RequestHead other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~RequestHead();

  std::string_view method() const;    // as sent: methods are case-sensitive
  std::string_view resource() const;  // path with query, as sent

  // The value of the first field of this name.
  std::optional<std::string_view> find(std::string_view name) const;
  // How many fields have this name.
  std::size_t count(std::string_view name) const;
  // The values of all fields of this name as one, as they mean it (RFC 9110, 5.3); empty: there is
  // none.
  std::string joined(std::string_view name, std::string_view separator = ", ") const;
  // The fields in the order received, names as sent.
  template <typename Visitor>  // void(std::string_view name, std::string_view value)
  void for_each(Visitor&& visit) const {
    for (std::string_view rest = fields(); !rest.empty();) {
      const std::string_view name = take_name(rest);
      visit(name, take_text(rest));
    }
  }
  // The values of the fields of this name.
  template <typename Visitor>  // void(std::string_view value)
  void for_each_of(std::string_view name, Visitor&& visit) const {
    Search search = search_for(name);
    while (const auto value = take_next(search)) visit(*value);
  }

  // Bytes of memory, shared by all copies.
  std::size_t size() const;

 private:
  friend class RequestHeadBuilder;

  struct Block;
  // What hasn't been searched for the fields of a name, and the name's number, if it has one.
  struct Search {
    std::string_view name;
    std::size_t number;
    std::string_view fields;
  };

  RequestHead(std::string_view texts, std::uint32_t present);

  Search search_for(std::string_view name) const;
  static std::optional<std::string_view> take_next(Search& search);
  static std::string_view take_name(std::string_view& texts);
  static std::string_view take_text(std::string_view& texts);
  // Method, resource, then names and values, each with its length before it or as a number.
  std::string_view texts() const;
  std::string_view fields() const;

  Block* block_ = nullptr;  // as many hold it as it says
};

// Views are valid during the handler only; the head may be kept.
struct HttpRequest {
  std::string_view method;    // of the head
  std::string_view resource;  // of the head
  std::string_view body;
  RequestHead head;
};

struct HttpResponse {
  int status = 200;  // 200-599: an interim answer is not the application's to send
  std::string body;
  // Content-Length, Connection, Date and Server are the server's own. Without a Content-Type one is
  // taken from the resource's extension.
  HeaderList headers;
};

}  // namespace simws
