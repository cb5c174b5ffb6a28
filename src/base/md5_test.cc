#include "base/md5.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>

namespace omashu {
namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  for (const uint8_t byte : md5(bytes)) text += fmt::format("{:02x}", byte);
  return text;
}

// RFC 1321, A.5.
TEST(Md5, DigestsTheStandardsExamples) {
  EXPECT_EQ(hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(hex("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
            "57edf4a22be3c955ac49da2e2107b67a");
}

// Where the padding needs a block of its own, and where it just fits.
TEST(Md5, PadsAtTheEdgesOfABlock) {
  EXPECT_EQ(hex(std::string(55, 'a')), "ef1772b6dff9a122358552954ad0df65");
  EXPECT_EQ(hex(std::string(56, 'a')), "3b0c8ac703f828b04c6c197006d17218");
  EXPECT_EQ(hex(std::string(64, 'a')), "014842d480b571495a4a0363793f7367");
}

}  // namespace
}  // namespace omashu
