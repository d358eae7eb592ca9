// Compression by DEFLATE (RFC 1951) in portions.
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"

#include <memory>

struct z_stream_s;

namespace simws::protocol {

struct DeflaterKind {
  int window_bits = 15;  // 9 to 15
  int memory = 8;        // 1 to 9
  int level = 1;         // 1 to 9

  friend bool operator==(const DeflaterKind&, const DeflaterKind&) = default;
};

class Deflater {
 public:
  // Throws std::bad_alloc.
  explicit Deflater(const DeflaterKind& kind);
  ~Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  const DeflaterKind& kind() const { return kind_; }
  // Appends to `out` what comes of `input`, or keeps it for later.
  void add(Bytes input, Buffer& out) { run(input, false, out); }
  // The same, and all that was kept; ends with an empty block without compression, whose last four
  // bytes are 00 00 FF FF (RFC 7692, 7.2.1). Appends nothing where nothing came since the last
  // flush.
  void flush(Bytes input, Buffer& out) { run(input, true, out); }
  // Forgets all that was before.
  void reset();

 private:
  void run(Bytes input, bool flush, Buffer& out);

  const DeflaterKind kind_;
  const std::unique_ptr<z_stream_s> stream_;
};

}  // namespace simws::protocol
