#include "broker/protocol/wire_writer.h"

#include <gtest/gtest.h>

#include "broker/protocol/testing/hex.h"
#include "broker/protocol/wire_reader.h"

namespace omashu::broker {
namespace {

using testing::from_hex;

TEST(WireWriterTest, IntegersAreBigEndian) {
  std::string out;
  append_integer(out, int8_t{-1});
  append_integer(out, int16_t{0x0102});
  append_integer(out, int32_t{0x0102});
  append_integer(out, int64_t{-256});
  EXPECT_EQ(out, from_hex("ff 0102 00000102 ffffffffffffff00"));
}

TEST(WireWriterTest, VarintsComeBack) {
  for (const uint32_t value : {0u, 1u, 127u, 128u, 300u, 16383u, 16384u, 0x7FFFFFFFu, 0xFFFFFFFFu}) {
    std::string out;
    append_unsigned_varint(out, value);
    WireReader in(out);
    EXPECT_EQ(in.unsigned_varint(), value);
    EXPECT_TRUE(in.ok() && in.remaining() == 0) << value;
  }
}

TEST(WireWriterTest, LengthsAndNulls) {
  std::string plain;
  append_string_length(plain, 3, false);
  append_bytes_length(plain, 3, false);
  append_null_string(plain, false);
  append_null_bytes(plain, false);
  EXPECT_EQ(plain, from_hex("0003 00000003 ffff ffffffff"));

  std::string compact;
  append_string_length(compact, 3, true);
  append_bytes_length(compact, 300, true);
  append_null_string(compact, true);
  append_null_bytes(compact, true);
  EXPECT_EQ(compact, from_hex("04 ad02 00 00"));
}

TEST(WireWriterTest, ALongTextIsCutBetweenCharacters) {
  const std::string most(kMaxStringBytes, 'x');
  EXPECT_EQ(as_wire_string(most), most);
  EXPECT_EQ(as_wire_string(most + "y"), most);

  const std::string before(kMaxStringBytes - 1, 'x');
  EXPECT_EQ(as_wire_string(before + "\u00e9"), before);
  EXPECT_EQ(as_wire_string(before.substr(1) + "\u00e9z"), before.substr(1) + "\u00e9");
}

}  // namespace
}  // namespace omashu::broker
