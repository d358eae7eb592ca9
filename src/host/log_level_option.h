// --log-level, as all commands have it.
#pragma once

#include <simws/log.h>

namespace CLI {
class App;
}

namespace simws::host {

// `level` must outlive the parsing, and is the default.
void add_log_level_option(CLI::App& app, LogLevel& level);

}  // namespace simws::host
