#include "host/commands/edge/feed_link.h"

#include <utility>

namespace simws::host {

#ifdef SIMWS_BROKER

namespace {

class BrokerLink final : public FeedLink {
 public:
  explicit BrokerLink(std::unique_ptr<broker::EdgeFeed> feed) : feed_(std::move(feed)) {}

  bool publish_in(std::string_view viewer, std::string_view topic, std::string_view data,
                  Opcode opcode) override {
    return feed_->publish_in(viewer, topic, data, opcode);
  }
  void start_anew() override { feed_->start_anew(); }

 private:
  const std::unique_ptr<broker::EdgeFeed> feed_;
};

}  // namespace

Result<std::unique_ptr<FeedLink>> start_broker_feed(const BrokerOptions& options,
                                                    const std::string& name,
                                                    const std::string& edge,
                                                    broker::EdgeHandlers handlers) {
  auto feed = broker::EdgeFeed::start(options, name, edge, std::move(handlers));
  if (!feed) return std::move(feed).error();
  return std::unique_ptr<FeedLink>(std::make_unique<BrokerLink>(std::move(feed).value()));
}

#else

Result<std::unique_ptr<FeedLink>> start_broker_feed(const BrokerOptions&, const std::string&,
                                                    const std::string&, broker::EdgeHandlers) {
  return Error{ErrorCode::unavailable,
               "this simws was built without a client of NATS: install libnats 3.4 or later "
               "(Debian: libnats-dev) and build it again"};
}

#endif

}  // namespace simws::host
