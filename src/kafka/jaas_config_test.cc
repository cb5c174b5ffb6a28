#include "kafka/jaas_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::kafka {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

TEST(JaasConfigTest, ReadsModuleAndOptions) {
  const auto config = parse_jaas_config(
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"alice\"\n  password='it\"s = ;';");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->login_module, "PlainLoginModule");
  EXPECT_THAT(config->options, ElementsAre(Pair("password", "it\"s = ;"), Pair("username", "alice")));
}

TEST(JaasConfigTest, UndoesEscapesInQuotes) {
  const auto config = parse_jaas_config(R"(M required a="x\"y\\z" b=plain ;)");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_THAT(config->options, ElementsAre(Pair("a", "x\"y\\z"), Pair("b", "plain")));
}

TEST(JaasConfigTest, AModuleMayHaveNoOptions) {
  const auto config = parse_jaas_config("ScramLoginModule required;");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->login_module, "ScramLoginModule");
  EXPECT_TRUE(config->options.empty());
}

TEST(JaasConfigTest, RefusesWhatIsNotOneAndKeepsItToItself) {
  for (std::string_view text :
       {"", ";", "secret", "M secret=1;", "M required secret", "M required a=\"secret", "M required a=\"secret\"",
        "M required secret;", "M required a=secret b;", "M required a==secret;", "M required a=secret b=;"}) {
    const auto config = parse_jaas_config(text);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(config.error().message, HasSubstr("sasl.jaas.config"));
    EXPECT_THAT(config.error().message, Not(HasSubstr("secret"))) << text;
  }
}

}  // namespace
}  // namespace omashu::kafka
