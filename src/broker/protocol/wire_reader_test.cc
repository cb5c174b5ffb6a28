#include "broker/protocol/wire_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "broker/protocol/testing/hex.h"

namespace omashu::broker {
namespace {

using testing::from_hex;

TEST(WireReaderTest, IntegersAreBigEndian) {
  const std::string bytes = from_hex("ff 0102 00000102 ffffffffffffff00");
  WireReader in(bytes);
  EXPECT_EQ(in.integer<int8_t>(), -1);
  EXPECT_EQ(in.integer<int16_t>(), 0x0102);
  EXPECT_EQ(in.integer<int32_t>(), 0x0102);
  EXPECT_EQ(in.integer<int64_t>(), -256);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.remaining(), 0u);
}

TEST(WireReaderTest, TheFirstErrorSticksWithItsPlace) {
  const std::string bytes = from_hex("0001 02");
  WireReader in(bytes);
  in.integer<int16_t>();
  EXPECT_EQ(in.integer<int32_t>(), 0);
  EXPECT_EQ(in.integer<int8_t>(), 0) << "one byte is left, but nothing is read after an error";
  EXPECT_EQ(in.take(1), "");
  in.fail("something else");
  EXPECT_STREQ(in.failure(), "it ends too early");
  EXPECT_EQ(in.position(), 2u);
}

uint32_t varint_of(std::string_view hex) {
  const std::string bytes = from_hex(hex);
  WireReader in(bytes);
  const uint32_t value = in.unsigned_varint();
  EXPECT_TRUE(in.ok() && in.remaining() == 0) << hex;
  return value;
}

TEST(WireReaderTest, VarintsHaveSevenBitsInAByte) {
  EXPECT_EQ(varint_of("00"), 0u);
  EXPECT_EQ(varint_of("7f"), 127u);
  EXPECT_EQ(varint_of("8001"), 128u);
  EXPECT_EQ(varint_of("ac02"), 300u);
  EXPECT_EQ(varint_of("ffffffff0f"), 0xFFFFFFFFu);
  EXPECT_EQ(varint_of("8000"), 0u) << "longer than it must be, as Kafka takes it";
}

TEST(WireReaderTest, VarintsBeyond32BitsAreRefused) {
  for (const std::string_view hex : {"ffffffff1f", "808080808001", "8080808080", "ffffffffffffffffff01"}) {
    const std::string bytes = from_hex(hex);
    WireReader in(bytes);
    EXPECT_EQ(in.unsigned_varint(), 0u) << hex;
    EXPECT_FALSE(in.ok()) << hex;
  }
}

using Length = std::optional<size_t> (WireReader::*)(bool);

void expect_length(Length length, bool compact, std::string_view hex, std::optional<size_t> expected) {
  const std::string bytes = from_hex(hex);
  WireReader in(bytes);
  EXPECT_EQ((in.*length)(compact), expected) << hex;
  EXPECT_TRUE(in.ok()) << hex << ": " << in.failure();
}

void expect_no_length(Length length, bool compact, std::string_view hex) {
  const std::string bytes = from_hex(hex);
  WireReader in(bytes);
  EXPECT_EQ((in.*length)(compact), 0u) << hex;
  EXPECT_FALSE(in.ok()) << hex;
}

TEST(WireReaderTest, LengthsOfStrings) {
  expect_length(&WireReader::string_length, false, "0001 61", 1);
  expect_length(&WireReader::string_length, false, "0000", 0);
  expect_length(&WireReader::string_length, false, "ffff", std::nullopt);
  expect_length(&WireReader::string_length, true, "02 61", 1);
  expect_length(&WireReader::string_length, true, "01", 0);
  expect_length(&WireReader::string_length, true, "00", std::nullopt);

  expect_no_length(&WireReader::string_length, false, "fffe");
  expect_no_length(&WireReader::string_length, false, "0002 61");
  expect_no_length(&WireReader::string_length, false, "00");
  expect_no_length(&WireReader::string_length, true, "03 61");
  expect_no_length(&WireReader::string_length, true, "ffffffff0f");
  expect_no_length(&WireReader::string_length, true, "");
}

TEST(WireReaderTest, LengthsOfBytesAndArrays) {
  expect_length(&WireReader::bytes_length, false, "00000001 61", 1);
  expect_length(&WireReader::bytes_length, false, "ffffffff", std::nullopt);
  expect_length(&WireReader::array_length, true, "02 61", 1);
  expect_length(&WireReader::array_length, true, "00", std::nullopt);

  expect_no_length(&WireReader::bytes_length, false, "fffffffe");
  expect_no_length(&WireReader::bytes_length, false, "80000000");
  expect_no_length(&WireReader::array_length, false, "7fffffff 61");
  expect_no_length(&WireReader::array_length, true, "ffffffff0f 61");
}

TEST(WireReaderTest, AStringHas32767BytesAtMost) {
  const std::string most(0x7FFF, 'x');
  const std::string fits = from_hex("808002") + most;
  WireReader in(fits);
  EXPECT_EQ(in.string_length(true), 0x7FFFu);
  EXPECT_TRUE(in.ok());

  const std::string beyond = from_hex("818002") + most + "x";
  WireReader too_long(beyond);
  too_long.string_length(true);
  EXPECT_STREQ(too_long.failure(), "a string has more than 32767 bytes");

  WireReader as_bytes(beyond);
  EXPECT_EQ(as_bytes.bytes_length(true), 0x8000u);
}

TEST(WireReaderTest, TaggedFieldsAreSkipped) {
  const std::string bytes = from_hex("02 00 03 616263 8001 00 7f");
  WireReader in(bytes);
  in.skip_tagged_fields();
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.rest(), "\x7f");
}

TEST(WireReaderTest, TaggedFieldsThatAreNotThereEndAtTheEnd) {
  for (const std::string_view hex : {"ffffffff0f", "01", "01 00", "01 00 02 61", "02 00 00"}) {
    const std::string bytes = from_hex(hex);
    WireReader in(bytes);
    in.skip_tagged_fields();
    EXPECT_FALSE(in.ok()) << hex;
  }
}

}  // namespace
}  // namespace omashu::broker
