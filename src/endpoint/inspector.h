// The inspector of a server: what its pages are told, and what is done for them. It has topics of
// its own (simws.topics.1), which nobody else sees; its pages' connections are the engine's, of
// which the application never hears.
//
//   server       figures, twice a second
//   history      figures of the last minutes, one row a second; all of it to those who begin
//   connections  rows in blocks of 64, by key
//   topics       rows in blocks of 64, by key
//   messages     a sample of what passes, ten times a second
//   log          lines
//   done         what became of what a page has asked for
//
// A page asks by publishing to `do/<tag>/...`, and knows the answer by the tag. What nobody is
// subscribed to costs nothing, but for the history.
#pragma once

#include "base/log_board.h"
#include "endpoint/inspector_connections.h"
#include "endpoint/inspector_history.h"
#include "endpoint/inspector_messages.h"
#include "endpoint/topics.h"
#include "transport/loop.h"

#include <simws/options.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace simws::endpoint {

class ServerCore;

// Of its pages' WebSockets.
constexpr std::string_view inspector_path = "/_simws/live";

// The same options, with a board on which the lines stand that the logger gets; as they are where
// they have one, or nobody asks for it.
ServerOptions with_log_board(ServerOptions options);

// Belongs to the loop's thread.
class Inspector {
 public:
  static constexpr std::size_t most_viewers = 8;

  explicit Inspector(ServerCore& server);
  Inspector(const Inspector&) = delete;
  Inspector& operator=(const Inspector&) = delete;

  // For the server's connections.
  MessageWatch& watch() { return messages_.watch(); }
  void add(AcceptedConnection& connection) noexcept { connections_.add(connection); }
  void remove(const AcceptedConnection& connection) noexcept { connections_.remove(connection); }

  // For its pages. What they ask comes with the topic that they publish to.
  Topics& topics() { return topics_; }
  bool has_room() const { return viewers_ < most_viewers; }
  void set_viewers(std::size_t count) noexcept;
  void act(std::string_view topic, std::string_view data, Opcode opcode);

  // The server stops: nothing is told any more.
  void end() noexcept;

 private:
  // What a page asks for. Of what can't be done, the words say why.
  struct Answer {
    bool is_done = false;
    std::string words;
  };
  using Request = std::string_view;

  Answer handle(Request what, Request of, std::string_view data, Opcode opcode);
  Answer close(AcceptedConnection& connection, std::string_view code_and_reason);
  Answer send(AcceptedConnection& connection, std::string_view data, Opcode opcode);
  Answer set_log_level(std::string_view name);
  void note(const AcceptedConnection& connection, std::string_view what) const;

  void on_timer() noexcept;
  void arm(Time now);
  void rest() noexcept;
  void tick(Time now);
  void tell_beginners();
  void note_second();
  void tell_server();
  void tell_messages();
  void tell_lines();
  void tell_connections() noexcept;
  void tell_topics() noexcept;
  bool tell_next_topics();
  void start_rows();
  bool has_readers(std::string_view topic);
  void publish(std::string_view topic, std::string_view text, std::string key = {});
  std::string server_text() const;
  std::string topics_text(const std::vector<TopicInfo>& infos) const;

  ServerCore& server_;
  const std::shared_ptr<LogBoard> log_;
  Topics topics_;
  const Topics::DropHandler no_drop_handler_{};
  InspectorConnections connections_;
  InspectorMessages messages_;
  InspectorHistory history_;
  const std::unique_ptr<transport::Timer> timer_;
  const std::unique_ptr<transport::Timer> connections_timer_;
  const std::unique_ptr<transport::Timer> topics_timer_;
  std::size_t viewers_ = 0;
  bool has_beginner_ = false;       // who has to be told all there is
  bool tells_connections_ = false;  // by its timer
  bool tells_topics_ = false;
  bool has_ended_ = false;
  Time next_second_{};
  Time next_figures_{};
  std::uint64_t last_line_ = 0;  // of the log that was told

  // How far the topics have been told: behind this name, in that many blocks, since then.
  std::string told_topic_;
  std::size_t told_blocks_ = 0;
  std::size_t shown_blocks_ = 0;
  Time topics_begun_{};
};

}  // namespace simws::endpoint
