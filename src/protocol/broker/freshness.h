// Which of a simulation's messages are new, where they come by several ways: live, and from what
// was stored. Nothing older follows what has been shown, within a start of the simulation and
// across its starts.
#pragma once

#include <simws/topics.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace simws::protocol {

class Freshness {
 public:
  // Of so many topics' keys, those that came last, it knows what was newest.
  explicit Freshness(std::size_t most_keys = 1u << 18) : most_keys_(most_keys) {}

  enum class Verdict : std::uint8_t {
    fresh,
    begins_epoch,  // fresh, and the first of a new start: what came before is over
    old,           // something as new as this has come, or its epoch is over
  };
  // Where it's fresh, it counts as come from here on.
  Verdict judge(std::string_view topic, std::string_view key, const Origin& origin);
  // What comes next of it is fresh, whatever has come.
  void forget(std::string_view topic, std::string_view key);
  // That start is the one now. False: it's so already, or was and is over.
  bool begin(std::string_view epoch);

  const std::string& epoch() const { return epoch_; }  // empty: none has come
  std::size_t keys() const { return newest_.size(); }

 private:
  struct Newest {
    std::string name;  // topic and key
    std::uint64_t sequence = 0;
  };
  using Places = std::unordered_map<std::string_view, std::list<Newest>::iterator>;

  bool is_over(std::string_view epoch) const;
  bool note(std::string name, std::uint64_t sequence);

  const std::size_t most_keys_;
  std::string epoch_;
  std::deque<std::string> past_;  // epochs that are over, the latest last
  std::list<Newest> newest_;      // those that came last are last
  Places places_;                 // by the names in these
};

}  // namespace simws::protocol
