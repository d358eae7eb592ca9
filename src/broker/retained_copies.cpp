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
constexpr std::size_t most_waiting = 8u << 20;  // in bytes, to go under way
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
  Waiting copy{0, protocol::retained_subject(name_, part.index, part.topic, part.key), {}, {}, {}};
  {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] {
      return waiting_.empty() || waiting_bytes_ + data.size() <= most_waiting || !failure_.empty();
    });
    if (!failure_.empty()) return;
    copy.number = ++number_;
    copy.copy = {data.size(), {}, rest_after(part), part.forgets};
    if (!goes_at_once(data.size())) {
      copy.headers = headers;
      copy.data = data;
      waiting_bytes_ += copy.cost();
      waiting_.push_back(std::move(copy));
      return;
    }
    begin(copy.number, std::move(copy.copy));
  }
  send(copy.number, copy.subject, headers, data);
}

bool RetainedCopies::goes_at_once(std::size_t size) const {
  return waiting_.empty() && !is_sending_ && has_room(size);
}

void RetainedCopies::begin(std::uint64_t number, UnderWay copy) {
  bytes_ += copy.size;
  copy.since = steady_clock::now();
  under_way_[number] = std::move(copy);
}

void RetainedCopies::send(std::uint64_t number, const std::string& subject,
                          const protocol::BrokerHeaders& headers, std::string_view data) {
  if (!connection_.publish(subject, headers, data, inbox_ + std::to_string(number))) {
    fail("the connection is lost");
  }
}

// Something is under way as long as something waits, so an answer comes, or patience ends.
void RetainedCopies::send_waiting() {
  Waiting next;
  while (take_waiting(next)) {
    room_.notify_one();
    send(next.number, next.subject, next.headers, next.data);
  }
}

bool RetainedCopies::take_waiting(Waiting& into) {
  const std::lock_guard lock(mutex_);
  is_sending_ = !waiting_.empty() && has_room(waiting_.front().data.size());
  if (!is_sending_) return false;
  into = std::move(waiting_.front());
  waiting_.pop_front();
  waiting_bytes_ -= into.cost();
  begin(into.number, into.copy);
  return true;
}

bool RetainedCopies::is_pending(std::uint64_t up_to) const {
  return (!under_way_.empty() && under_way_.begin()->first <= up_to) ||
         (!waiting_.empty() && waiting_.front().number <= up_to);
}

void RetainedCopies::when_stored(std::function<void()> tell) {
  {
    const std::lock_guard lock(mutex_);
    marks_.emplace_back(number_, std::move(tell));
  }
  tell_stored();
}

void RetainedCopies::tell_stored() {
  std::vector<std::function<void()>> stored;
  {
    const std::lock_guard lock(mutex_);
    while (!marks_.empty() && !is_pending(marks_.front().first)) {
      stored.push_back(std::move(marks_.front().second));
      marks_.pop_front();
    }
  }
  for (const auto& tell : stored) tell();
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
      send_waiting();
      tell_stored();
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
  if (completed > 0) remove(protocol::all_retained(name_), completed);
  if (!done.rest.empty()) remove(done.rest, *answer.sequence + (done.goes_too ? 1 : 0));
}

// Before which sequence the stream has nothing that counts any more; 0: not yet, or it's done.
std::uint64_t RetainedCopies::take_completion() {
  if (!completion_ || is_pending(*completion_)) return 0;
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
    waiting_.clear();
    bytes_ = waiting_bytes_ = 0;
  }
  room_.notify_one();
  tell_stored();
}

}  // namespace simws::broker
