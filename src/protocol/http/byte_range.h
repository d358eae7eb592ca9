// Which part of a file is asked for (RFC 9110, 14.1 and 14.2).
#pragma once

#include <simws/http.h>

#include <cstdint>

namespace simws::protocol::http {

struct ByteRange {
  enum class Kind {
    whole,          // none is asked for, or nothing that is answered with a part
    part,           // 206
    unsatisfiable,  // 416: it lies behind the end
  };
  Kind kind = Kind::whole;
  std::uint64_t first = 0;  // of a part
  std::uint64_t length = 0;
};

// Of a GET for something of so many bytes. Other units, what isn't well-formed, and more than one
// range are answered with the whole: a server may do so, and many small ranges gain nobody
// anything.
ByteRange find_range(const RequestHead& request, std::uint64_t size);

}  // namespace simws::protocol::http
