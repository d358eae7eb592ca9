// What the parsers of requests and of responses share: a message's sections, one after the other.
#pragma once

#include "base/bytes.h"
#include "protocol/http/message_syntax.h"
#include "protocol/http/request.h"

#include <simws/http.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol::http {

// Hands Beast whole lines only, and of those that lie in what has come as many as there are. So
// neither the time it takes nor its answer to bad bytes depends on how they were cut, and no more
// than one line of the head is held beside what was taken of it.
class MessageParser {
 public:
  virtual ~MessageParser() = default;

  // As RequestParser::parse has it.
  ParseStatus parse(Bytes& input);

  bool started() const { return state_ != State::before_message; }
  bool has_head() const { return has_head_; }
  const RequestHead& head() const { return head_; }
  int minor_version() const { return minor_version_; }
  const Refusal& refusal() const { return refusal_; }

 protected:
  explicit MessageParser(std::size_t max_header_size) : max_header_size_(max_header_size) {}

  // The section that is under way, as limits have it.
  enum class Section { start_line, fields, chunk_line, body };

  // For the next message, whose head may take `header_room` bytes. Of the one before, the head
  // stays until the next one's is known.
  void begin_message(std::size_t header_room);
  void fail(Refusal refusal);

  // An answer to parse that ends a message, or lets the caller act between its parts.
  bool is_told() const;

  const std::size_t max_header_size_;
  MessageParts parts_;
  RequestHead head_;

  // The body, until it's taken; room for the head that is under way.
  bool in_body() const { return state_ == State::body; }
  bool in_head() const { return state_ == State::start_line || state_ == State::fields; }
  bool is_at_head() const { return state_ == State::head; }
  std::size_t header_room() const { return room_; }
  const MessageSyntax& syntax() const { return *syntax_; }
  // The message ends with its head.
  void end_at_head() { after_head_ = State::done; }
  void end() { state_ = State::done; }

 private:
  enum class State {
    before_message,
    start_line,
    fields,
    head,
    body,
    chunk_line,
    chunk_data,
    chunk_end,
    trailers,
    done,
    failed
  };

  virtual std::unique_ptr<MessageSyntax> make_syntax() = 0;
  // Takes what may come before a message; true when there's no more of it.
  virtual bool skip_before_message(Bytes& input) = 0;
  // A portion of the start line that came last on `line`; what can't become one, at once.
  virtual std::optional<Refusal> judge_start(std::string_view line, std::size_t portion) = 0;
  // Of a whole start line, which it may change for Beast.
  virtual std::optional<Refusal> adapt_start(std::string& line) = 0;
  virtual Refusal malformed_start(std::string_view line) = 0;
  // Of the head, when all of it has come.
  virtual std::optional<Refusal> on_head() = 0;
  virtual void on_body() {}
  virtual Refusal over_limit(Section section) = 0;

  void step(Bytes& input);
  bool take_line(Bytes& input);
  bool check_start(std::string_view portion);
  void on_start_line();
  void take_fields(Bytes& input);
  std::string_view whole_fields(std::string_view text) const;
  std::size_t put_fields(std::string_view lines);
  void on_last_field_line();
  void take_body(Bytes& input);
  void take_chunk_end(Bytes& input);
  void on_chunk_line();
  void on_trailer_line();
  void fail_limit();
  void fail_syntax(std::string_view line);
  void clear_line();

  std::unique_ptr<MessageSyntax> syntax_;  // from a start line on
  std::string line_;                       // what Beast hasn't taken
  std::size_t trailer_start_ = 0;
  std::size_t room_ = 0;  // bytes the current section may still take
  Refusal refusal_;
  State state_ = State::before_message;
  State after_head_ = State::done;
  int minor_version_ = 1;
  bool has_head_ = false;
};

}  // namespace simws::protocol::http
