#include "broker/retained_copies.h"

#include "base/json_text.h"
#include "base/thread.h"
#include "protocol/broker/subject.h"
#include "protocol/http/syntax.h"

#include <utility>

namespace simws::broker {

namespace {

using std::chrono::steady_clock;

constexpr std::size_t most_messages = 1024;
constexpr std::size_t most_bytes = 8u << 20;
constexpr std::size_t most_answers = 4u << 20;  // in bytes
constexpr std::chrono::seconds patience{5};
constexpr std::int64_t check_interval = 500;  // in ms
constexpr std::uint64_t removal = 0;          // the number of answers that nobody waits for

std::string new_inbox() {
  natsInbox* inbox = nullptr;
  if (natsInbox_Create(&inbox) != NATS_OK) return {};
  std::string text = std::string(inbox) + ".";
  natsInbox_Destroy(inbox);
  return text;
}

// "simws.<name>.r.*.<topic>.<key>"
std::string all_parts(const std::string& name, std::string_view topic, std::string_view key) {
  const std::string start = protocol::retained_subject(name, 0, topic, key);
  const std::size_t part = protocol::all_retained(name).size() - 1;
  return start.substr(0, part) + "*" + start.substr(part + 1);
}

}  // namespace

RetainedCopies::RetainedCopies(Connection& connection, std::string name, std::uint64_t begin)
    : connection_(connection),
      name_(std::move(name)),
      inbox_(new_inbox()),
      answers_(connection.subscribe(inbox_ + "*", most_answers)),
      begin_(begin) {
  if (!answers_) failure_ = "out of memory";
  thread_ = start_thread([this] { read_answers(); });
}

RetainedCopies::~RetainedCopies() {
  thread_.join();
}

void RetainedCopies::store(const Part& part, const protocol::BrokerHeaders& headers,
                           std::string_view data) {
  const std::string subject = protocol::retained_subject(name_, part.index, part.topic, part.key);
  std::uint64_t number = 0;
  {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return has_room(data.size()) || !failure_.empty(); });
    if (!failure_.empty()) return;
    number = ++number_;
    bytes_ += data.size();
    under_way_[number] = {data.size(), steady_clock::now(), rest_after(part), part.forgets};
  }
  if (!connection_.publish(subject, headers, data, inbox_ + std::to_string(number))) {
    fail("the connection is lost");
  }
}

std::string RetainedCopies::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

bool RetainedCopies::has_room(std::size_t size) const {
  return under_way_.empty() || (under_way_.size() < most_messages && bytes_ + size <= most_bytes);
}

// Known with a message's first part, which is the one whose sequence tells what is older.
std::string RetainedCopies::rest_after(const Part& part) {
  if (part.index > 0) return {};
  std::string place = all_parts(name_, part.topic, part.key);
  const auto before = counts_.find(place);
  const std::size_t count_before = before == counts_.end() ? 1 : before->second;
  if (part.count > 1) {
    counts_[place] = part.count;
  } else if (before != counts_.end()) {
    counts_.erase(before);
  }
  return part.forgets || count_before > part.count ? place : std::string();
}

void RetainedCopies::read_answers() {
  while (answers_) {
    NatsMessage message;
    const natsStatus status =
        make(message, natsSubscription_NextMsg, answers_.get(), check_interval);
    if (status == NATS_OK) {
      std::string_view subject = natsMsg_GetSubject(message.get());
      subject.remove_prefix(std::min(inbox_.size(), subject.size()));
      const auto number = protocol::http::parse_number<std::uint64_t>(subject, 20, 10);
      const protocol::StreamAnswer answer =
          natsMsg_IsNoResponders(message.get())
              ? protocol::StreamAnswer{{}, "the stream is gone, or JetStream is off"}
              : protocol::parse_stream_answer(data_of(message.get()));
      if (number && *number != removal) take_answer(*number, answer);
    } else if (status != NATS_TIMEOUT) {
      break;
    }
    check_patience();
  }
  fail("the connection is lost");
}

void RetainedCopies::take_answer(std::uint64_t number, const protocol::StreamAnswer& answer) {
  if (!answer.sequence) return fail(answer.fault);
  UnderWay done;
  std::uint64_t completed = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto found = under_way_.find(number);
    if (found == under_way_.end()) return;
    done = std::move(found->second);
    under_way_.erase(found);
    bytes_ -= done.size;
    completed = take_completion();
  }
  room_.notify_one();
  if (completed > 0) remove(protocol::all_retained(name_), completed);
  if (!done.rest.empty()) remove(done.rest, *answer.sequence + (done.goes_too ? 1 : 0));
}

// Before which sequence the stream has nothing that counts any more; 0: not yet, or it's done.
std::uint64_t RetainedCopies::take_completion() {
  if (!completion_) return 0;
  if (!under_way_.empty() && under_way_.begin()->first <= *completion_) return 0;
  completion_.reset();
  return std::exchange(begin_, 0);
}

void RetainedCopies::complete() {
  std::uint64_t completed = 0;
  {
    const std::lock_guard lock(mutex_);
    completion_ = number_;
    completed = take_completion();
  }
  if (completed > 0) remove(protocol::all_retained(name_), completed);
}

// Should it fail, a message more lies in the stream, which no reader takes for a new one.
void RetainedCopies::remove(const std::string& filter, std::uint64_t below) {
  JsonText request;
  request.begin_object().member("filter", filter).member("seq", below).end_object();
  (void)connection_.publish("$JS.API.STREAM.PURGE." + protocol::retained_stream(name_), {},
                            request.get(), inbox_ + std::to_string(removal));
}

void RetainedCopies::check_patience() {
  {
    const std::lock_guard lock(mutex_);
    if (under_way_.empty()) return;
    if (steady_clock::now() - under_way_.begin()->second.since < patience) return;
  }
  fail("the stream doesn't answer");
}

void RetainedCopies::fail(std::string why) {
  {
    const std::lock_guard lock(mutex_);
    if (failure_.empty()) failure_ = std::move(why);
    under_way_.clear();
    bytes_ = 0;
  }
  room_.notify_one();
}

}  // namespace simws::broker
