#include "base/log.h"

#include "base/log_writer.h"

#include <exception>
#include <memory>
#include <utility>

namespace simws {

namespace {

std::string to_line(LogLevel level, std::string_view text) {
  std::string line("simWS: ");
  line.append(level_name(level)).append(": ").append(text).push_back('\n');
  return line;
}

// A process has one standard error and one end, so its loggers share one writer. It lives on with
// them, but writes what waits when the process exits, or when what this is part of is unloaded.
std::shared_ptr<LogWriter> stderr_writer() {
  struct Owner {
    ~Owner() { writer->finish(); }
    const std::shared_ptr<LogWriter> writer = std::make_shared<LogWriter>(make_stderr_output());
  };
  static const Owner owner;
  return owner.writer;
}

}  // namespace

std::string thrown_words() {
  try {
    throw;
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return "something that is no exception";
  }
}

Logger make_stderr_logger(LogLevel least) {
  return [least, writer = stderr_writer()](LogLevel level, std::string_view text) {
    if (level >= least) writer->write(to_line(level, text));
  };
}

Logger make_waiting_stderr_logger(LogLevel least, std::function<bool()> gives_up) {
  return [least, gives_up = std::move(gives_up), writer = stderr_writer()](LogLevel level,
                                                                           std::string_view text) {
    if (level >= least) writer->write_and_wait(to_line(level, text), gives_up);
  };
}

}  // namespace simws
