// What went wrong, for people and for programs.
#pragma once

#include <string>

namespace simws {

enum class ErrorCode {
  invalid_argument,   // a value outside what is allowed
  invalid_type,       // a value of another type, or another number of them (in scripts)
  invalid_handle,     // a handle that never existed, or whose object is gone
  invalid_state,      // the call is right, but not now
  address_in_use,     // another socket listens there
  permission_denied,  // the system refuses (a privileged port, say)
  unavailable,        // the address isn't this machine's, or a resource ran out
  too_large,          // more bytes than a limit allows
  io,                 // any other failure of the system
  callback_failed,    // a script's callback raised an error
  callback_missing,   // a script has no function of the callback's name
};

// `message` says what happened, with which value, and what to do, in one sentence.
struct Error {
  ErrorCode code = ErrorCode::io;
  std::string message;
};

}  // namespace simws
