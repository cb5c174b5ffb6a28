#include "cli/option_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Parsed {
  std::string topic;
  std::optional<std::string> key;
  std::optional<std::string> json;
  std::vector<std::string> where;
  std::optional<int64_t> limit;
  std::chrono::milliseconds timeout{1};
  std::string output = "json";
  bool follow = false;
  std::string error;
  bool is_help = false;
};

Parsed parse(const std::vector<std::string>& arguments) {
  Parsed parsed;
  OptionParser parser;
  parser.argument("TOPIC", parsed.topic, "the topic");
  parser.argument("KEY", parsed.key, "the key");
  parser.argument("JSON", parsed.json, "the value");
  parser.option("--where", "FIELD=VALUE", parsed.where, "only these");
  parser.option("-n,--limit", "N", parsed.limit, "at most");
  parser.option("--timeout", "TIME", parsed.timeout, "at most");
  parser.choice("--output", "FORM", parsed.output, {"json", "table"}, "json or table");
  parser.flag("--follow", parsed.follow, "go on");
  const auto outcome = parser.parse(arguments);
  if (!outcome) parsed.error = outcome.error().message;
  parsed.is_help = outcome && *outcome == OptionParser::Outcome::kHelp;
  return parsed;
}

TEST(OptionParser, ReadsOptionsAnywhereAmongTheArguments) {
  const Parsed parsed = parse({"--limit", "5", "t", "--where=a=1", "k", "--follow", "--where", "b=2", "--timeout=2m"});
  EXPECT_EQ(parsed.error, "");
  EXPECT_EQ(parsed.topic, "t");
  EXPECT_EQ(parsed.key, "k");
  EXPECT_EQ(parsed.json, std::nullopt);
  EXPECT_THAT(parsed.where, ElementsAre("a=1", "b=2"));
  EXPECT_EQ(parsed.limit, 5);
  EXPECT_EQ(parsed.timeout, std::chrono::minutes(2));
  EXPECT_TRUE(parsed.follow);
}

TEST(OptionParser, TheLastOfSeveralWins) { EXPECT_EQ(parse({"t", "-n", "1", "--limit", "2"}).limit, 2); }

TEST(OptionParser, JsonIsLeftAsItStands) {
  for (const char* json : {"{}", "[]", "[1,2]", "{\"a\":\"b c\"}", "\"x\"", "", "{ \"a\" : [1] }"}) {
    const Parsed parsed = parse({"t", "k", json});
    EXPECT_EQ(parsed.error, "") << json;
    EXPECT_EQ(parsed.json, json);
  }
  EXPECT_THAT(parse({"t", "--where", "[a,b]"}).where, ElementsAre("[a,b]"));
}

TEST(OptionParser, WordsThatLookLikeOptionsComeAfterTwoDashes) {
  const Parsed parsed = parse({"t", "--", "-5", "--where"});
  EXPECT_EQ(parsed.error, "");
  EXPECT_EQ(parsed.key, "-5");
  EXPECT_EQ(parsed.json, "--where");
  EXPECT_EQ(parse({"t", "--limit", "-5"}).limit, -5);
}

TEST(OptionParser, AValueMayStartWithADash) {
  EXPECT_THAT(parse({"t", "--where", "-a=1", "--where=-b"}).where, ElementsAre("-a=1", "-b"));
}

TEST(OptionParser, SuggestsTheOptionThatWasMeant) {
  EXPECT_EQ(parse({"t", "--limti", "5"}).error, "unknown option --limti: did you mean --limit?");
  EXPECT_EQ(parse({"--wehre=a=1"}).error, "unknown option --wehre: did you mean --where?");
  EXPECT_EQ(parse({"t", "--something-else"}).error, "unknown option --something-else");
}

TEST(OptionParser, SaysWhatIsWrongWithAValue) {
  EXPECT_EQ(parse({"t", "--limit", "many"}).error, "--limit: 'many' is no whole number");
  EXPECT_THAT(parse({"t", "--timeout", "soon"}).error, HasSubstr("--timeout: 'soon' is no duration"));
  EXPECT_EQ(parse({"t", "--output", "xml"}).error, "--output: 'xml' is not known: write json or table");
  EXPECT_EQ(parse({}).error, "TOPIC is missing");
  EXPECT_EQ(parse({"t", "k", "j", "more"}).error, "unexpected argument 'more'");
  EXPECT_THAT(parse({"t", "--limit"}).error, HasSubstr("--limit"));
}

TEST(OptionParser, HelpWinsOverWhatIsMissing) {
  EXPECT_TRUE(parse({"--help"}).is_help);
  EXPECT_TRUE(parse({"-h"}).is_help);
  EXPECT_TRUE(parse({"t", "--unknown", "--help"}).is_help);
}

}  // namespace
}  // namespace omashu::cli
