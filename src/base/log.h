// The default loggers.
#pragma once

#include <simws/log.h>

#include <functional>
#include <string>

namespace simws {

// Writes lines "simWS: warning: ..." to standard error, whole and in order, those of all loggers of
// the process, and never waits for whoever reads them: see LogWriter. When the process exits, what
// waits is written for 0.3 s at the most.
Logger make_stderr_logger(LogLevel least = LogLevel::info);

// The same for lines that may not be left out, such as a script's own errors: each call waits until
// its line is written, or until `gives_up`, which is asked again and again, says so.
Logger make_waiting_stderr_logger(LogLevel least, std::function<bool()> gives_up);

// Whoever reads those lines sits before this machine, or has logged in to it.
bool is_stderr_terminal();

// What is being thrown, in words; for a catch block.
std::string thrown_words();

}  // namespace simws
