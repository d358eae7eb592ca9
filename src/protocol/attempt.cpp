#include "protocol/attempt.h"

#include "protocol/http/response.h"
#include "protocol/http/response_parser.h"
#include "protocol/http/syntax.h"

#include <utility>

namespace simws::protocol {

AttemptFailure failed_with_status(std::string_view who, const http::ResponseParser& answer) {
  AttemptFailure failure{FailureKind::status, std::string(who), answer.status(), {}};
  failure.retry_after = answer.fields().find("Retry-After").value_or("");
  failure.reason += " answered " + std::to_string(failure.status);
  const std::string_view phrase = http::reason_phrase(failure.status);
  if (!phrase.empty()) failure.reason.append(" ").append(phrase);
  if (!answer.first_line().empty()) {
    failure.reason += ": " + http::in_quotes(answer.first_line());
  }
  return failure;
}

AttemptFailure unusable_answer(std::string_view who, std::string_view why) {
  std::string reason(who);
  reason.append("'s answer can't be used: ").append(why);
  return {FailureKind::answer, std::move(reason), 0, {}};
}

AttemptFailure closed_before_answer(std::string_view who) {
  return {
      FailureKind::network, std::string(who) + " closed the connection before it answered", 0, {}};
}

}  // namespace simws::protocol
