#include "broker/config/config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::broker {
namespace {

const ConfigFile kFile = {.cluster = {{"log.retention.ms", "1000"}, {"message.max.bytes", "17"}},
                          .broker = {{"log.cleanup.policy", "compact,delete"}}};

TEST(ConfigFile, WhatIsWrittenIsRead) {
  EXPECT_EQ(parse_config_file(config_file_text(kFile)).value(), kFile);
  EXPECT_EQ(parse_config_file(config_file_text({})).value(), ConfigFile());
}

TEST(ConfigFile, OneFlippedBitIsNoticed) {
  const std::string text = config_file_text(kFile);
  for (size_t i = 0; i < text.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = text;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      const auto file = parse_config_file(damaged);
      EXPECT_TRUE(!file || *file == kFile) << damaged;
    }
  }
}

TEST(ConfigFile, WhatWasChangedOnPurposeNeedsNoChecksum) {
  EXPECT_EQ(parse_config_file(R"({"version":1,"cluster":{},"broker":{"log.retention.ms":"7"}})")
                ->broker.at("log.retention.ms"),
            "7");
}

TEST(ConfigFile, WhatCannotBeIsRefusedWithThePlace) {
  for (const char* text :
       {"", "{", "[]", R"({"version":2})", R"({"version":1,"other":{}})", R"({"version":1,"cluster":[]})",
        R"({"version":1,"cluster":{"no.such":"1"}})", R"({"version":1,"cluster":{"log.dirs":"/"}})",
        R"({"version":1,"cluster":{"log.retention.ms":7}})", R"({"version":1,"broker":{"log.retention.ms":"soon"}})"}) {
    EXPECT_FALSE(parse_config_file(text)) << text;
  }
  const auto file = parse_config_file("{\"version\":1,\n\"broker\":{\"log.retention.ms\":\"soon\"}}");
  EXPECT_THAT(file.error().message, testing::HasSubstr("log.retention.ms is 'soon'"));
  EXPECT_TRUE(file.error().position);
}

}  // namespace
}  // namespace omashu::broker
