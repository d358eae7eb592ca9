// The default logger.
#pragma once

#include <simws/log.h>

namespace simws {

// Writes lines "simWS: warning: ..." to standard error, whole lines even from several threads.
Logger make_stderr_logger(LogLevel least = LogLevel::info);

}  // namespace simws
