#include "base/byte_size.h"

#include <gtest/gtest.h>

#include <limits>

namespace omashu {
namespace {

TEST(ByteSize, IsSaidInTheUnitThatFits) {
  EXPECT_EQ(byte_size_text(0), "0 B");
  EXPECT_EQ(byte_size_text(1023), "1023 B");
  EXPECT_EQ(byte_size_text(1024), "1.0 KiB");
  EXPECT_EQ(byte_size_text(1536), "1.5 KiB");
  EXPECT_EQ(byte_size_text((1 << 20) - 1), "1.0 MiB");
  EXPECT_EQ(byte_size_text(int64_t{5} << 30), "5.0 GiB");
  EXPECT_EQ(byte_size_text(std::numeric_limits<int64_t>::max()), "8.0 EiB");
}

}  // namespace
}  // namespace omashu
