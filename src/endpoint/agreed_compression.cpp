#include "endpoint/agreed_compression.h"

namespace simws::endpoint {

using protocol::Role;

std::optional<protocol::DeflateWishes> deflate_wishes(
    const std::optional<Compression>& compression) {
  if (!compression) return std::nullopt;
  return protocol::DeflateWishes{compression->server_context_takeover,
                                 compression->client_context_takeover,
                                 compression->server_window_bits, compression->client_window_bits};
}

void AgreedCompression::make(Channel& channel, const protocol::Session& session) {
  const DeflateRules rules{own_, {options_.level, options_.memory}, options_.threshold};
  deflating_ = std::make_unique<Deflating>(channel, session, rules);
}

std::unique_ptr<protocol::Extension> agree(Role role,
                                           const std::optional<protocol::DeflateParameters>& agreed,
                                           const std::optional<Compression>& compression,
                                           protocol::DeflatePool& pool) {
  if (!agreed || !compression) return nullptr;
  const auto server = agreed->server(), client = agreed->client();
  const bool is_server = role == Role::server;
  return std::make_unique<AgreedCompression>(pool, is_server ? client : server,
                                             is_server ? server : client, *compression);
}

}  // namespace simws::endpoint
