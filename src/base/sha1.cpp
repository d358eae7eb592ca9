// The functions that OpenSSL 3 calls deprecated need neither its providers nor its configuration
// file: they can't fail, and take 35 KB of a module instead of 3.8 MB.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/sha1.h"

#include <openssl/sha.h>

namespace simws {

std::array<std::byte, 20> sha1(Bytes data, Bytes more) {
  std::array<std::byte, 20> digest{};
  SHA_CTX context;
  SHA1_Init(&context);
  SHA1_Update(&context, data.data(), data.size());
  SHA1_Update(&context, more.data(), more.size());
  SHA1_Final(reinterpret_cast<unsigned char*>(digest.data()), &context);
  return digest;
}

}  // namespace simws
