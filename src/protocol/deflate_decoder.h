// What comes on one connection that has agreed on permessage-deflate (RFC 7692, 7.2.2).
#pragma once

#include "protocol/deflate_parameters.h"
#include "protocol/deflate_pool.h"
#include "protocol/extension.h"

#include <memory>

namespace simws::protocol {

class DeflateDecoder : public Extension {
 public:
  // `peer` says how the peer compresses. The pool outlives this.
  DeflateDecoder(DeflatePool& pool, const DeflateSide& peer) : pool_(pool), peer_(peer) {}
  ~DeflateDecoder() override { stop_decoding(); }

  void begin_decoding() override {}
  DecodeStatus decode(Bytes portion, bool last, std::size_t max_message_size, Buffer& message,
                      Failure& failure) override;
  void stop_decoding() noexcept override;

 private:
  bool inflate(Bytes input, std::size_t max_message_size, Buffer& message, Failure& failure);

  DeflatePool& pool_;
  const DeflateSide peer_;
  std::unique_ptr<Inflater> inflater_;  // of the message under way, or of all of them
};

}  // namespace simws::protocol
