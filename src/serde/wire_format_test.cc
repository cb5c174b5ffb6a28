#include "serde/wire_format.h"

#include <gtest/gtest.h>

namespace omashu::serde {
namespace {

using namespace std::string_literals;

constexpr const char* kGuidText = "2f3f1fd0-8d0a-4d5e-8f3c-0d9f2b1c7a55";
const std::string kGuidHeader = "\x01\x2f\x3f\x1f\xd0\x8d\x0a\x4d\x5e\x8f\x3c\x0d\x9f\x2b\x1c\x7a\x55"s;

TEST(WireFormat, AnIdInThePayload) {
  const std::string payload = "\x00\x00\x00\x01\x02\x08om-1\x02"s;
  const Frame frame = parse_frame(payload, std::nullopt).value();
  EXPECT_EQ(std::get<SchemaId>(frame.schema), SchemaId{258});
  EXPECT_EQ(frame.data, "\x08om-1\x02");
  std::string written;
  append_id_frame(written, SchemaId{258});
  EXPECT_EQ(written, payload.substr(0, kIdFrameBytes));
}

TEST(WireFormat, AnIdAndNothingElseIsAnEmptyDatum) {
  EXPECT_EQ(parse_frame("\x00\x00\x00\x00\x01"s, std::nullopt).value().data, "");
}

TEST(WireFormat, AGuidInTheHeader) {
  const Frame frame = parse_frame("\x08om-1\x02", kGuidHeader).value();
  EXPECT_EQ(to_text(std::get<Guid>(frame.schema)), kGuidText);
  EXPECT_EQ(frame.data, "\x08om-1\x02");
  EXPECT_EQ(guid_header_value(parse_guid(kGuidText).value()), kGuidHeader);
}

TEST(WireFormat, AnIdInTheHeader) {
  const Frame frame = parse_frame("", "\x00\x00\x00\x00\x07"s).value();
  EXPECT_EQ(std::get<SchemaId>(frame.schema), SchemaId{7});
}

TEST(WireFormat, TheHeaderHoldsWhereBothSeemToBeThere) {
  const std::string payload = "\x00\x00\x00\x00\x07x"s;
  EXPECT_EQ(parse_frame(payload, kGuidHeader).value().data, payload);
}

TEST(WireFormat, EveryTruncationIsAnError) {
  const std::string payload = "\x00\x00\x00\x01\x02"s;
  for (size_t size = 0; size < payload.size(); ++size) {
    EXPECT_EQ(parse_frame(payload.substr(0, size), std::nullopt).error().code, ErrorCode::kCorrupt) << size;
  }
  for (size_t size = 0; size < kGuidHeader.size(); ++size) {
    EXPECT_EQ(parse_frame("x", kGuidHeader.substr(0, size)).error().code, ErrorCode::kCorrupt) << size;
  }
  EXPECT_FALSE(parse_frame("x", kGuidHeader + "x").has_value());
}

TEST(WireFormat, WhatIsNotFramedSaysSo) {
  EXPECT_NE(parse_frame("{\"a\":1}", std::nullopt).error().message.find("0x7b"), std::string::npos);
  EXPECT_NE(parse_frame("\x00\x80\x00\x00\x00"s, std::nullopt).error().message.find("2147483648 is no schema id"),
            std::string::npos);
  EXPECT_FALSE(parse_frame("x", "\x02" + kGuidHeader.substr(1)).has_value());
}

TEST(WireFormat, GuidsAreTextInBothDirections) {
  EXPECT_EQ(to_text(parse_guid("2F3F1FD0-8D0A-4D5E-8F3C-0D9F2B1C7A55").value()), kGuidText);
  for (const char* wrong :
       {"", "2f3f1fd0", "2f3f1fd0-8d0a-4d5e-8f3c-0d9f2b1c7a5g", "2f3f1fd0x8d0a-4d5e-8f3c-0d9f2b1c7a55",
        "2f3f1fd0-8d0a-4d5e-8f3c-0d9f2b1c7a555", "2f3f1fd08-d0a-4d5e-8f3c-0d9f2b1c7a55"}) {
    EXPECT_EQ(parse_guid(wrong), std::nullopt) << wrong;
  }
  EXPECT_EQ(to_text(SchemaKey(SchemaId{7})), "schema id 7");
  EXPECT_EQ(to_text(SchemaKey(*parse_guid(kGuidText))), "schema guid "s + kGuidText);
}

}  // namespace
}  // namespace omashu::serde
