#include "broker/protocol/message_codec.h"

#include <gtest/gtest.h>

#include "broker/protocol/testing/hex.h"

namespace omashu::broker {
namespace {

using testing::from_hex;

enum class Colour : int8_t { kRed = 1 };

// One field of each kind.
struct Sample {
  static constexpr Api kApi{ApiKey::kMetadata, "Sample", {0, 3}, 2};

  struct Element {
    bool flag = false;
    Colour colour = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.flag);
      visit(self.colour, since(1));
    }
  };

  int16_t number = 7;
  std::string_view text = {};
  std::optional<std::string> nullable_text = {};
  BytesView bytes = {};
  std::vector<Element> elements = {};
  std::optional<std::vector<int32_t>> numbers = {};
  Uuid id = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.number, between(1, 2));
    visit(self.text);
    visit(self.nullable_text, nullable_since(1));
    visit(self.bytes);
    visit(self.elements);
    visit(self.numbers);
    visit(self.id, since(3));
  }
};

std::string body_of(const Sample& message, int16_t version) {
  EncodedFrame out;
  MessageCodec<Sample>::append(message, version, out);
  return out.bytes;
}

std::string error_of(std::string_view hex, int16_t version) {
  const auto message = decode<Sample>(from_hex(hex), version);
  return message ? "" : message.error().message;
}

const Sample kSample{
    .number = 0x0102,
    .text = "ab",
    .nullable_text = "c",
    .bytes = {"d"},
    .elements = {{true, Colour::kRed}, {false, Colour{0x7F}}},
    .numbers = {{9}},
    .id = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}},
};

TEST(MessageCodecTest, FieldsAreThereInTheirVersions) {
  EXPECT_EQ(body_of(kSample, 0), from_hex("0002 6162  0001 63  00000001 64  00000002 01 00  00000001 00000009"));
  EXPECT_EQ(body_of(kSample, 1),
            from_hex("0102  0002 6162  0001 63  00000001 64  00000002 0101 007f  00000001 00000009"));
}

TEST(MessageCodecTest, FlexibleVersionsAreCompactAndEndInTaggedFields) {
  EXPECT_EQ(body_of(kSample, 2), from_hex("0102  03 6162  02 63  02 64  03 0101 00 007f 00  02 00000009  00"));
  EXPECT_EQ(body_of(kSample, 3), from_hex("03 6162  02 63  02 64  03 0101 00 007f 00  02 00000009 "
                                          "0102030405060708090a0b0c0d0e0f10 00"));
}

TEST(MessageCodecTest, WhatWasWrittenIsRead) {
  for (int16_t version = 0; version <= 3; ++version) {
    const std::string body = body_of(kSample, version);
    const auto message = decode<Sample>(body, version);
    ASSERT_TRUE(message.has_value()) << message.error().message;
    EXPECT_EQ(body_of(*message, version), body);
    EXPECT_EQ(message->number, version == 1 || version == 2 ? 0x0102 : 7) << "else the default";
    EXPECT_EQ(message->text, "ab");
    EXPECT_EQ(message->nullable_text, "c");
    EXPECT_EQ(message->bytes.data, "d");
    EXPECT_EQ(message->elements.at(1).colour, version >= 1 ? Colour{0x7F} : Colour{});
    EXPECT_TRUE(message->elements.at(0).flag);
    EXPECT_EQ(message->numbers->at(0), 9);
    EXPECT_EQ(message->id, version == 3 ? kSample.id : Uuid{});
  }
}

TEST(MessageCodecTest, EveryPrefixIsRefused) {
  for (int16_t version = 0; version <= 3; ++version) {
    const std::string body = body_of(kSample, version);
    for (size_t size = 0; size < body.size(); ++size) {
      EXPECT_FALSE(decode<Sample>(std::string_view(body).substr(0, size), version).has_value()) << size;
    }
  }
}

TEST(MessageCodecTest, WhatIsLeftOverIsIgnoredWhereThatIsWanted) {
  const auto message = decode<Sample>(body_of(kSample, 3) + "more", 3, LeftOver::kIgnored);
  ASSERT_TRUE(message.has_value()) << message.error().message;
  EXPECT_EQ(message->id, kSample.id);
}

TEST(MessageCodecTest, ErrorsNameThePlace) {
  EXPECT_EQ(error_of("0000 0000 00000000 00000000 00000000 ff", 0), "Sample v0: byte 16: there are bytes left over");
  EXPECT_EQ(error_of("0002 61", 0), "Sample v0: byte 2: a length goes beyond the bytes that are there");
  EXPECT_EQ(error_of("0000 0000 00000000 00000001", 0),
            "Sample v0: byte 12: a length goes beyond the bytes that are there");
}

TEST(MessageCodecTest, NullOnlyWhereItIsAllowed) {
  Sample nulls;
  EXPECT_EQ(body_of(nulls, 0), from_hex("0000 0000 00000000 00000000 ffffffff")) << "before: the empty string";
  EXPECT_EQ(body_of(nulls, 1), from_hex("0007 0000 ffff 00000000 00000000 ffffffff"));
  EXPECT_EQ(body_of(nulls, 2), from_hex("0007 01 00 01 01 00 00"));
  const auto read = decode<Sample>(from_hex("0007 01 00 01 01 00 00"), 2);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->nullable_text, std::nullopt);
  EXPECT_EQ(read->numbers, std::nullopt);

  const std::string refused = "null stands where it is not allowed";
  EXPECT_EQ(error_of("ffff 0000 00000000 00000000 ffffffff", 0), "Sample v0: byte 2: " + refused);
  EXPECT_EQ(error_of("0000 ffff 00000000 00000000 ffffffff", 0), "Sample v0: byte 4: " + refused);
  EXPECT_EQ(error_of("0000 0000 ffffffff 00000000 ffffffff", 0), "Sample v0: byte 8: " + refused);
  EXPECT_EQ(error_of("0000 0000 00000000 ffffffff ffffffff", 0), "Sample v0: byte 12: " + refused);
}

struct SampleOfAStruct {
  static constexpr Api kApi{ApiKey::kMetadata, "SampleOfAStruct", {0, 2}, 2};

  struct Element {
    int8_t number = 0;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.number);
    }
  };

  double real = 0;
  std::optional<Element> element = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.real);
    visit(self.element, nullable_since(1));
  }
};

TEST(MessageCodecTest, AStructThatMayBeNullHasAByteBeforeIt) {
  const auto body_of_struct = [](const SampleOfAStruct& message, int16_t version) {
    EncodedFrame out;
    MessageCodec<SampleOfAStruct>::append(message, version, out);
    return out.bytes;
  };
  const SampleOfAStruct there{.real = 1.5, .element = {{.number = 9}}};
  EXPECT_EQ(body_of_struct(there, 1), from_hex("3ff8000000000000 01 09"));
  EXPECT_EQ(body_of_struct(there, 2), from_hex("3ff8000000000000 01 09 00 00"));
  EXPECT_EQ(body_of_struct({}, 0), from_hex("0000000000000000 01 00")) << "before it may be null: the default";
  EXPECT_EQ(body_of_struct({}, 1), from_hex("0000000000000000 ff"));

  const auto read = decode<SampleOfAStruct>(body_of_struct(there, 2), 2);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->real, 1.5);
  EXPECT_EQ(read->element.value().number, 9);
  EXPECT_EQ(decode<SampleOfAStruct>(body_of_struct({}, 1), 1)->element.has_value(), false);
  EXPECT_FALSE(decode<SampleOfAStruct>(from_hex("0000000000000000 ff"), 0).has_value());
  EXPECT_FALSE(decode<SampleOfAStruct>(from_hex("0000000000000000"), 1).has_value());
  EXPECT_FALSE(decode<SampleOfAStruct>(from_hex("0000000000000000 01"), 1).has_value());
}

TEST(MessageCodecTest, UnknownTaggedFieldsAreSkippedInEveryStruct) {
  const auto message = decode<Sample>(from_hex("0007 01 00 01  02 01 7f 01 00 02 abcd  00  02 03 00 ff01 01 ee"), 2);
  ASSERT_TRUE(message.has_value()) << message.error().message;
  EXPECT_EQ(message->elements.at(0).colour, Colour{0x7F});
}

TEST(MessageCodecTest, AnArrayTakesNoMoreMemoryThanItsBytesSuggest) {
  const std::string most = from_hex("0000 0000 00000000 000003e8") + std::string(1000, '\x01') + from_hex("ffffffff");
  const auto message = decode<Sample>(most, 0);
  ASSERT_TRUE(message.has_value()) << message.error().message;
  EXPECT_EQ(message->elements.size(), 1000u);
  EXPECT_LE(message->elements.capacity() * sizeof(Sample::Element), 4 * most.size());
}

TEST(MessageCodecTest, AMillionElementsAreTheMostInAllArrays) {
  const std::string head = from_hex("0000 0000 00000000");
  const std::string a_half = from_hex("0007a120");  // 500,000
  const std::string elements(500'000, '\0');
  const std::string numbers(4 * 500'000, '\0');
  EXPECT_TRUE(decode<Sample>(head + a_half + elements + a_half + numbers, 0).has_value());

  const auto too_many =
      decode<Sample>(head + a_half + elements + from_hex("0007a121") + numbers + from_hex("00000000"), 0);
  ASSERT_FALSE(too_many.has_value());
  EXPECT_EQ(too_many.error().message, "Sample v0: byte 500016: its arrays have more than a million elements");
}

}  // namespace
}  // namespace omashu::broker
