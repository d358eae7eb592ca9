#include "base/sha1.h"

#include <openssl/evp.h>

namespace simws {

std::array<std::byte, 20> sha1(Bytes data) {
  std::array<std::byte, 20> digest{};
  EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
             EVP_sha1(), nullptr);
  return digest;
}

}  // namespace simws
