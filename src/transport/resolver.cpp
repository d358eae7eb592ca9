#include "transport/resolver.h"

#include "base/thread.h"
#include "transport/address.h"

#include <deque>
#include <mutex>
#include <new>
#include <optional>
#include <system_error>
#include <utility>

namespace simws::transport {
namespace {

using Handler = std::weak_ptr<LookupHandler>;

void answer_later(Loop& loop, const Handler& handler, Result<std::vector<Address>> answer) {
  loop.post([handler, answer = std::move(answer)] { tell(handler, answer); });
}

}  // namespace

// What the loop's thread and those that look up share.
class Resolver::Work : public std::enable_shared_from_this<Work> {
 public:
  struct Job {
    std::string host;
    int port = 0;
    Handler handler;  // locked on the loop's thread only
  };

  Work(Loop& loop, Resolve resolve) : loop_(&loop), resolve_(std::move(resolve)) {}

  // False: the system has no thread for it.
  bool add(Job job);
  // The loop ends: nothing is posted to it any more.
  void abandon();

 private:
  bool start_one();
  void run();
  std::optional<Job> next();
  Result<std::vector<Address>> answer(const Job& job) const;
  void post(const Job& job, Result<std::vector<Address>> answer);

  std::mutex mutex_;
  Loop* loop_;               // guarded by mutex_; null: abandoned
  std::deque<Job> jobs_;     // guarded by mutex_
  std::size_t threads_ = 0;  // guarded by mutex_
  const Resolve resolve_;
};

bool Resolver::Work::add(Job job) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  if (threads_ == max_threads || start_one() || threads_ > 0) return true;
  jobs_.pop_back();
  return false;
}

bool Resolver::Work::start_one() {
  try {
    start_unawaited_thread([self = shared_from_this()] { self->run(); });
  } catch (const std::system_error&) {
    return false;
  }
  ++threads_;
  return true;
}

void Resolver::Work::abandon() {
  const std::lock_guard lock(mutex_);
  loop_ = nullptr;
  jobs_.clear();
}

void Resolver::Work::run() {
  while (const std::optional<Job> job = next()) post(*job, answer(*job));
}

std::optional<Resolver::Work::Job> Resolver::Work::next() {
  const std::lock_guard lock(mutex_);
  while (!jobs_.empty()) {
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    if (!job.handler.expired()) return job;
  }
  --threads_;
  return std::nullopt;
}

Result<std::vector<Address>> Resolver::Work::answer(const Job& job) const {
  try {
    return resolve_(job.host, job.port);
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::unavailable, "out of memory"};
  }
}

void Resolver::Work::post(const Job& job, Result<std::vector<Address>> answer) {
  const std::lock_guard lock(mutex_);
  if (loop_ != nullptr) answer_later(*loop_, job.handler, std::move(answer));
}

Resolver::Resolver(Loop& loop, Resolve resolve)
    : loop_(loop), work_(std::make_shared<Work>(loop, std::move(resolve))) {}

Resolver::~Resolver() {
  work_->abandon();
}

std::unique_ptr<Lookup> Resolver::look_up(const std::string& host, int port,
                                          LookupHandler on_done) {
  auto lookup = std::make_unique<AwaitedLookup>(std::move(on_done));
  if (!is_host_and_port(host, port)) {
    tell_later(loop_, lookup->handler(), bad_host(host, port));
  } else if (const auto literal = parse_address(host, port)) {
    answer_later(loop_, lookup->handler(), std::vector{*literal});
  } else if (!work_->add({host, port, lookup->handler()})) {
    tell_later(loop_, lookup->handler(), {ErrorCode::unavailable, "the system is out of threads"});
  }
  return lookup;
}

}  // namespace simws::transport
