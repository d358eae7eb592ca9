// A WebSocket server which answers plain HTTP requests on the same port.
#pragma once

#include <simws/connection.h>
#include <simws/event_loop.h>
#include <simws/files.h>
#include <simws/options.h>
#include <simws/recording.h>
#include <simws/result.h>
#include <simws/server_info.h>
#include <simws/topics.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace simws {

namespace protocol {
struct Publication;
class SharedMessage;
class TopicDoor;
}  // namespace protocol

// Any of them may be empty. What a handler throws is logged and survived.
struct ServerHandlers {
  // After the answer to the handshake has been queued: what is sent here follows it.
  std::function<void(Connection&)> open;
  // Once for each WebSocket attempt that did not become open; info().error says why.
  std::function<void(Connection&)> fail;
  // Exactly once for each connection that was opened, as its last event.
  std::function<void(Connection&)> close;
  // One whole message; `data` is valid during the call only.
  std::function<void(Connection&, std::string_view data, Opcode opcode)> message;
  // What a page has published, by simws.topics.1, to a topic that it may (see
  // ServerOptions::publishable). Views are valid during the call only.
  std::function<void(Connection&, std::string_view topic, std::string_view data, Opcode opcode)>
      publication = {};
  // What a viewer of an edge has published, by way of the broker, to a topic that pages may. False:
  // it isn't taken, and counts as dropped.
  std::function<bool(const RemoteViewer&, std::string_view topic, std::string_view data,
                     Opcode opcode)>
      remote_publication = {};
  // A subscription has begun to lose messages, so many until now; with TopicPolicy::resync: send
  // what they were about anew, and subscribe it again.
  std::function<void(Connection&, std::string_view topic, std::size_t count)> drop = {};
  // A request that doesn't ask for WebSocket; answer it with Connection::respond. Without this
  // handler: 404.
  std::function<void(Connection&, const HttpRequest& request)> http;
  // A request for WebSocket that has passed all other rules of entry; answer it with
  // Connection::admit, or with Connection::respond to refuse it, in the handler or within
  // handshake_timeout. The open or fail handler follows. Without this handler: it's admitted.
  std::function<void(Connection&, const HttpRequest& request)> upgrade;
  // The last call for each connection that any of the others was called for: pointers to it must be
  // forgotten now.
  std::function<void(Connection&)> release;
};

struct BroadcastOptions {
  bool compress = true;  // false: not even for those with which compression was agreed on
};

// Belongs to its event loop's thread.
class Server {
 public:
  // Listens at once. Port 0 picks a free one. Errors name address, port and cause.
  static Result<std::unique_ptr<Server>> listen(EventLoop& loop, int port, ServerOptions options,
                                                ServerHandlers handlers);

  // Stops, as by `stop`, but without calling any handler.
  virtual ~Server() = default;

  // Frees the port and calls the close handler of each open connection (1001), and the release
  // handlers, all before it returns; then no handler is called again, but for a request that the
  // http handler has not answered yet: that may still be answered, and is released then. What was
  // queued, and the Close frame, still leave as the loop runs on, until close_timeout. Legal inside
  // every handler.
  virtual void stop() = 0;

  // Sends one message to all open connections that `filter` lets pass (empty: all), encoded once;
  // those in the middle of a fragmented message are left out. Returns for how many it was queued.
  // Errors as Connection::send.
  virtual Result<std::size_t> broadcast(std::string_view data, Opcode opcode = Opcode::text,
                                        const std::function<bool(Connection&)>& filter = {},
                                        BroadcastOptions options = {}) = 0;

  // From here on the connection gets what is published to the topic, or to all that a pattern takes
  // ("a/#"), after what is retained of it. Again: changes the options. False: it isn't open. Error:
  // a name that can't be, an option out of its range.
  virtual Result<bool> subscribe(Connection& connection, std::string_view topic,
                                 const SubscriptionOptions& options = {}) = 0;
  // What waits of it is dropped, but where the connection has a pattern that takes the topic too:
  // that one goes on with it. False: it isn't open.
  virtual Result<bool> unsubscribe(Connection& connection, std::string_view topic) = 0;
  // Sends one message to all who are subscribed to the topic, each as its subscription says;
  // encoded and compressed once. Returns how many subscriptions take it; 0 also of what by its
  // origin is older than what is retained of its key, which nobody gets. Errors: as of `broadcast`;
  // a topic, key or origin that can't be; more than may be retained.
  virtual Result<std::size_t> publish(std::string_view topic, std::string_view data,
                                      Opcode opcode = Opcode::text,
                                      const PublishOptions& options = {}) = 0;
  // For a topic, or for all that a pattern takes; the most specific options hold.
  virtual Result<void> set_topic(std::string_view topic, const TopicOptions& options) = 0;
  // For who passes on another server's topics: what is published may be old from now on, or isn't
  // any more. Those who speak simws.topics.1 are told, and those who subscribe while it is.
  // `reason`: why, for people, in up to 500 bytes of UTF-8.
  virtual void set_stale(bool is_stale, std::string_view reason = {}) = 0;
  // Likewise: by so much that server's clock is ahead of this machine's. Pages that ask for the
  // time are told it by that one, as the times of its publications are.
  virtual void set_clock_lead(Seconds lead) = 0;
  // Likewise: forgets what is retained and over, each key as by publishing empty data of that
  // epoch, with the same sequence, or 1 where it's of another epoch. Errors: an epoch that can't
  // be.
  virtual Result<void> forget_retained(std::string_view epoch,
                                       const std::function<bool(const RetainedInfo&)>& is_over) = 0;
  // Those that something was published or subscribed to lately, patterns too, by name.
  virtual std::vector<TopicInfo> topics() const = 0;

  // For this library's bindings, which publish on another thread: what its door has admitted there
  // is handed on here.
  virtual const std::shared_ptr<protocol::TopicDoor>& topic_door() const = 0;
  virtual void publish(std::shared_ptr<const protocol::Publication> publication) noexcept = 0;
  virtual void apply_topic(std::string_view topic, const TopicOptions& options) noexcept = 0;

  // Serves the files of a folder under a path such as "/" or "/models", in place of what was served
  // there before. The longest prefix that fits a request has it; what none fits is the http
  // handler's. GET and HEAD are answered, with conditions and ranges (RFC 9110, 13 and 14). Files
  // are read by threads of their own, while they are sent. Names that mean something else on some
  // system, hidden files, and links that lead out of the folder are 404. Error: a prefix, or an
  // option, that can't be.
  virtual Result<void> serve_files(std::string_view prefix, const ServedFolder& folder,
                                   FileOptions options = {}) = 0;
  // Waits for the disk as ServedFolder::find does, with its errors.
  Result<void> serve_files(std::string_view prefix, const std::string& folder,
                           FileOptions options = {});

  // From here on what is sent and received is recorded, after the open connections and what is
  // retained: messages with their connection, broadcasts and publications once, opens and closes.
  // A thread of its own writes it, and neither the loop nor the application waits for that: what
  // doesn't fit into 64 MiB (a quarter of max_total_queued_bytes at most) meanwhile is left out,
  // and told in the file. Where it can't be written any more it ends, with a log line. Error
  // (invalid_state): it's being recorded already, or has stopped.
  virtual Result<void> start_recording(RecordingFile file) = 0;
  // Waits for the disk as RecordingFile::create does, with its errors. Whose file isn't opened
  // where the recording can't begin.
  Result<void> start_recording(const std::string& path);
  // What was handed over until now is still written as the loop runs on; `stop` and the server's
  // end do the same. Error (invalid_state): nothing is being recorded.
  virtual Result<RecordingInfo> stop_recording() = 0;
  // False also when it has ended by itself.
  virtual bool is_recording() const = 0;
  // For this library's bindings, whose broadcasts come from another thread.
  virtual void record_broadcast(
      std::shared_ptr<const protocol::SharedMessage> message) noexcept = 0;

  // As Connection::release_pending, of connections that have ended.
  virtual void release_pending(std::size_t bytes) = 0;

  // For this library's bindings: closes those connections in which most waits to be sent, until so
  // many bytes more fit into max_total_queued_bytes. False: they don't.
  virtual bool make_room(std::size_t bytes) = 0;

  // The open connections, in the order they opened.
  virtual std::vector<Connection*> connections() = 0;

  // From any thread.
  virtual ServerInfo info() const = 0;

 protected:
  Server() = default;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
};

}  // namespace simws
