#include "base/base64.h"
#include "base/bytes.h"
#include "base/sha1.h"

#include <gtest/gtest.h>

#include <string>

namespace simws {
namespace {

struct Vector {
  std::string plain, encoded;
};

// RFC 4648, 10.
const Vector vectors[] = {{"", ""},
                          {"f", "Zg=="},
                          {"fo", "Zm8="},
                          {"foo", "Zm9v"},
                          {"foob", "Zm9vYg=="},
                          {"fooba", "Zm9vYmE="},
                          {"foobar", "Zm9vYmFy"}};

TEST(Base64, EncodesAndDecodesTheStandardsVectors) {
  for (const Vector& vector : vectors) {
    EXPECT_EQ(base64_encode(as_bytes(vector.plain)), vector.encoded);
    const auto decoded = base64_decode(vector.encoded);
    ASSERT_TRUE(decoded.has_value()) << vector.encoded;
    EXPECT_EQ(as_text(*decoded), vector.plain);
  }
}

TEST(Base64, RefusesWhatIsNotExactlyBase64) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm 8", "Zm8-", "=Zm8",
                           "====", "Zg==Zg==", "Zm8=\n"}) {
    EXPECT_FALSE(base64_decode(text).has_value()) << text;
  }
}

TEST(Sha1, DigestsTheStandardsVector) {
  // RFC 3174, 7.3, in base64.
  EXPECT_EQ(base64_encode(sha1(as_bytes("abc"))), "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
  EXPECT_EQ(sha1(as_bytes("a"), as_bytes("bc")), sha1(as_bytes("abc")));
}

}  // namespace
}  // namespace simws
