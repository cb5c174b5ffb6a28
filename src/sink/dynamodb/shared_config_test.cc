#include "sink/dynamodb/shared_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::sink::dynamodb {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(SharedConfig, SectionsHoldNamesAndValues) {
  const SharedConfig config =
      parse_shared_config(
          "# mine\n[default]\naws_access_key_id = AKID\r\n"
          "aws_secret_access_key=a=b/c+\n; old\ns3 =\n  endpoint = x\n\n[ profile  dev ] \nregion = eu-central-1\n")
          .value();
  EXPECT_EQ(profile_value(config, "default", "aws_access_key_id"), "AKID");
  EXPECT_EQ(profile_value(config, "default", "aws_secret_access_key"), "a=b/c+");
  EXPECT_EQ(profile_value(config, "default", "endpoint"), "") << "it belongs to s3";
  EXPECT_EQ(profile_value(config, "dev", "region"), "eu-central-1");
  EXPECT_EQ(profile_value(config, "prod", "region"), "");
}

TEST(SharedConfig, ErrorsNameTheLineAndNeverQuoteIt) {
  for (const char* text : {"[default]\nhunter2\n", "hunter2 = 1", "\n[hunter2\n"}) {
    const auto config = parse_shared_config(text);
    ASSERT_FALSE(config.has_value()) << text;
    EXPECT_THAT(config.error().message, AllOf(HasSubstr("line "), Not(HasSubstr("hunter2"))));
  }
  EXPECT_FALSE(parse_shared_config(std::string(kMaxSharedConfigBytes + 1, '\n')).has_value());
  EXPECT_TRUE(parse_shared_config("").value().empty());
}

}  // namespace
}  // namespace omashu::sink::dynamodb
