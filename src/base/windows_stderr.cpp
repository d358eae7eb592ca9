#include "base/log.h"
#include "base/log_output.h"

#ifdef _WIN32

#include <io.h>

#include <algorithm>

namespace simws {

namespace {

constexpr int standard_error = 2;
constexpr std::size_t most_at_once = 4096;

class StderrOutput final : public LogOutput {
 public:
  std::size_t write_at_once(std::string_view) override { return 0; }

  std::size_t write(std::string_view text, std::chrono::milliseconds) override {
    const auto size = static_cast<unsigned>(std::min(text.size(), most_at_once));
    const int written = _write(standard_error, text.data(), size);
    return written > 0 ? static_cast<std::size_t>(written) : text.size();
  }

  bool is_forked() const override { return false; }
};

}  // namespace

bool is_stderr_terminal() {
  return _isatty(standard_error) != 0;
}

std::unique_ptr<LogOutput> make_stderr_output() {
  return std::make_unique<StderrOutput>();
}

}  // namespace simws

#endif
