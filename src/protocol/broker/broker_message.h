// What travels by NATS beside a payload: headers, written and judged. Anybody whom the broker lets
// publish on a simulation's subjects may have written what comes.
#pragma once

#include <simws/broker.h>
#include <simws/opcode.h>
#include <simws/result.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol {

struct BrokerHeader {
  std::string_view name;  // one of broker_header's
  std::string value;
};
using BrokerHeaders = std::vector<BrokerHeader>;

namespace broker_header {
constexpr std::string_view opcode = "Simws-Opcode";
constexpr std::string_view epoch = "Simws-Epoch";
constexpr std::string_view sequence = "Simws-Sequence";
constexpr std::string_view time = "Simws-Time";
constexpr std::string_view retain = "Simws-Retain";
constexpr std::string_view forget = "Simws-Forget";
constexpr std::string_view part = "Simws-Part";
constexpr std::string_view key = "Simws-Key";
constexpr std::string_view topic = "Simws-Topic";
constexpr std::string_view viewer = "Simws-Viewer";
}  // namespace broker_header

// `index` is less than `count`, which is 1 where a message is whole.
struct BrokerPart {
  std::uint32_t index = 0;
  std::uint32_t count = 1;
};

// A publication, or a part of it, without its payload.
struct BrokerPublication {
  std::string topic;
  std::string key;
  Opcode opcode = Opcode::text;
  std::string epoch;  // 12 lower-case hexadecimal digits
  std::uint64_t sequence = 0;
  double time = 0;  // Unix time in milliseconds
  bool retain = false;
  bool forget = false;  // it's retained and empty: the key is forgotten
  BrokerPart part = {};
};

// What a viewer of an edge published, without its payload.
struct BrokerInbound {
  RemoteViewer viewer;
  std::string topic;
  Opcode opcode = Opcode::text;
};

bool is_epoch(std::string_view text);

// Topics and keys are percent-encoded in headers, but for printable ASCII.

// REQUIRES: valid topic, key and epoch. The topic isn't among the headers, it's in the subject.
BrokerHeaders headers_of(const BrokerPublication& publication);
// REQUIRES: a valid topic. The viewer's edge isn't among the headers either.
BrokerHeaders headers_of(const BrokerInbound& inbound);

// Bytes that headers take in a message of NATS.
std::size_t size_of(const BrokerHeaders& headers);

// Of a message on a subject of the simulation `name`. Error: why it's no publication.
Result<BrokerPublication> decode_publication(std::string_view name, std::string_view subject,
                                             const BrokerHeaders& headers, std::string_view data);
Result<BrokerInbound> decode_inbound(std::string_view name, std::string_view subject,
                                     const BrokerHeaders& headers);

// Those that are read of messages.
std::vector<std::string_view> broker_header_names();

}  // namespace simws::protocol
