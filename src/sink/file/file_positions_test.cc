#include "sink/file/file_positions.h"

#include <gtest/gtest.h>

namespace omashu::sink {
namespace {

TEST(FilePositions, ComeBackAsTheyWere) {
  const FilePositions positions{.length = 1234,
                                .positions = {{{"status-download", kafka::PartitionId{0}}, kafka::Offset{42}},
                                              {{"t", kafka::PartitionId{11}}, kafka::Offset{0}}}};
  const std::string text = to_text(positions);
  EXPECT_EQ(text, "{\"length\":1234,\"positions\":{\"status-download-0\":42,\"t-11\":0}}\n");
  const auto parsed = parse_file_positions(text);
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(*parsed, positions);
}

TEST(FilePositions, WhatIsNoneIsAnError) {
  for (const char* text : {"", "{}", R"({"length":-1,"positions":{}})", R"({"length":1,"positions":[]})",
                           R"({"length":1,"positions":{"t":1}})", R"({"length":1,"positions":{"t-x":1}})",
                           R"({"length":1,"positions":{"-1":1}})", R"({"length":1,"positions":{"t-1":-2}})"}) {
    EXPECT_FALSE(parse_file_positions(text)) << text;
  }
}

}  // namespace
}  // namespace omashu::sink
