// What the option `compression` asks for, and what a connection does by what was agreed on.
#pragma once

#include "endpoint/deflating.h"
#include "protocol/deflate_decoder.h"
#include "protocol/deflate_parameters.h"
#include "protocol/deflate_pool.h"
#include "protocol/extension.h"
#include "protocol/session.h"

#include <simws/compression.h>

#include <memory>
#include <optional>

namespace simws::endpoint {

std::optional<protocol::DeflateWishes> deflate_wishes(
    const std::optional<Compression>& compression);

// Of one connection: it inflates what comes, and has what compresses what is sent.
class AgreedCompression final : public protocol::DeflateDecoder {
 public:
  // The pool and the options outlive it.
  AgreedCompression(protocol::DeflatePool& pool, const protocol::DeflateSide& peer,
                    const protocol::DeflateSide& own, const Compression& options)
      : DeflateDecoder(pool, peer), own_(own), options_(options) {}

  // Made when something is sent first: most of those who are many only listen. Null: nothing is
  // compressed, as with a window of 2^8 bytes, which a server may ask of a client and zlib can't
  // keep to.
  Deflating* deflating(Channel& channel, const protocol::Session& session) {
    if (!deflating_ && own_.window_bits > protocol::min_window_bits) make(channel, session);
    return deflating_.get();
  }

 private:
  void make(Channel& channel, const protocol::Session& session);

  const protocol::DeflateSide own_;
  const Compression& options_;
  std::unique_ptr<Deflating> deflating_;
};

// Null: nothing is compressed. `compression` outlives it.
std::unique_ptr<protocol::Extension> agree(protocol::Role role,
                                           const std::optional<protocol::DeflateParameters>& agreed,
                                           const std::optional<Compression>& compression,
                                           protocol::DeflatePool& pool);

}  // namespace simws::endpoint
