// The default logger.
#pragma once

#include <simws/log.h>

#include <string>

namespace simws {

// Writes lines "simWS: warning: ..." to standard error, whole lines even from several threads.
Logger make_stderr_logger(LogLevel least = LogLevel::info);

// What is being thrown, in words; for a catch block.
std::string thrown_words();

}  // namespace simws
