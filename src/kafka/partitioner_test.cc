#include "kafka/partitioner.h"

#include <gtest/gtest.h>

#include <string>

namespace omashu::kafka {
namespace {

using namespace std::string_literals;

// Computed by Kafka's own Java client 4.3.1: Utils.murmur2, and Utils.toPositive(…) % 6, 50, 1000.
struct Vector {
  std::string key;
  uint32_t hash;
  PartitionId of_6, of_50, of_1000;
};

const Vector kVectors[] = {
    {"", 0x106e08d9, 3, 31, 681},
    {"a", 0xa2d0b27c, 4, 24, 524},
    {"ab", 0x12d8262a, 2, 34, 434},
    {"abc", 0x1c94221b, 3, 7, 107},
    {"abcd", 0xb11ab5f4, 2, 0, 100},
    {"abcde", 0x1b897edd, 1, 41, 741},
    {"21", 0xc5f2f8ec, 0, 40, 340},
    {"foobar", 0xd0e47bbe, 0, 16, 166},
    {"a-little-bit-long-string", 0xc53b1da0, 2, 12, 112},
    {"a-little-bit-longer-string", 0xa768c9c3, 5, 19, 819},
    {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", 0xfc7d49cd, 5, 27, 677},
    {"om-1", 0xd952cf4e, 0, 46, 246},
    {"download-42", 0x16f08957, 3, 1, 551},
    {"\xc3\xa9\xc3\xa8\xe2\x82\xac", 0x8d07ce9, 3, 43, 193},
    {"\0"s, 0x166197bc, 2, 38, 588},
    {"\0\0\0\0\1"s, 0x82876225, 5, 17, 917},
    {"\xff\x80\xfe\x81\xfd\x82\xfc", 0x6f486197, 5, 1, 551},
};

TEST(PartitionerTest, AgreesWithJava) {
  for (const Vector& vector : kVectors) {
    SCOPED_TRACE(vector.key);
    EXPECT_EQ(murmur2(vector.key), vector.hash);
    EXPECT_EQ(partition_of(vector.key, 1), 0);
    EXPECT_EQ(partition_of(vector.key, 6), vector.of_6);
    EXPECT_EQ(partition_of(vector.key, 50), vector.of_50);
    EXPECT_EQ(partition_of(vector.key, 1000), vector.of_1000);
  }
}

}  // namespace
}  // namespace omashu::kafka
