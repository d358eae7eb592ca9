#include "host/load/idle_load.h"

#include "host/load/door.h"
#include "host/load/failure.h"
#include "host/load/meter.h"
#include "host/load/opening.h"

#include <optional>
#include <vector>

namespace simws::load {
namespace {

class IdleLoad {
 public:
  explicit IdleLoad(const LoadOptions& options) : options_(options) {
    if (!options.door) target_.emplace(options);
  }

  void add();

 private:
  const LoadOptions& options_;
  std::optional<Target> target_;
  std::vector<Connection> connections_;
};

void IdleLoad::add() {
  if (!target_) {
    connections_.emplace_back(transport::Socket(options_.door->let_in()), nullptr);
    return;
  }
  auto [connection, opening] = open_connection(*target_);
  if (opening.deflate.has_value() != options_.deflate) give_up("the server doesn't compress");
  connections_.push_back(std::move(connection));
}

}  // namespace

Report run_idle_load(const LoadOptions& options) {
  IdleLoad load(options);
  load.add();
  const Meter meter(options.server);
  const double before = meter.memory();
  const Reading begin = meter.read();
  std::uint64_t count = 0;
  for (; count < options.connections && !options.is_ended(); ++count) load.add();
  const Reading end = meter.read();
  Report report{meter.figures(begin, end, count)};
  if (options.server != 0) {
    report.figures.emplace_back("bytes_per_connection",
                                (meter.memory() - before) / static_cast<double>(count));
  }
  if (options.while_open) options.while_open(report.figures);
  return report;
}

}  // namespace simws::load
