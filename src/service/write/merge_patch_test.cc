#include "service/write/merge_patch.h"

#include <gtest/gtest.h>

namespace omashu::service {
namespace {

std::string merged(std::string_view target, std::string_view patch) {
  return json::to_text(merge_patch(json::parse(target).value(), json::parse(patch).value()));
}

// RFC 7396, appendix A.
TEST(MergePatch, TheExamplesOfTheSpecification) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
      {R"({"a":"b"})", R"({"a":null})", R"({})"},
      {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
      {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
      {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
      {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
      {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
      {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
      {R"({"a":"foo"})", R"(null)", R"(null)"},
      {R"({"a":"foo"})", R"("bar")", R"("bar")"},
      {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
      {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
      {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
  };
  for (const auto& [target, patch, result] : cases) EXPECT_EQ(merged(target, patch), result) << target << patch;
}

TEST(MergePatch, OfAMemberThatStandsTwiceTheLastCounts) {
  EXPECT_EQ(merged(R"({"a":1})", R"({"a":null,"a":2})"), R"({"a":2})");
  EXPECT_EQ(merged(R"({"a":1})", R"({"b":2,"b":null})"), R"({"a":1})");
  EXPECT_EQ(merged(R"({"a":1,"a":2})", R"({"a":null})"), R"({})");
  EXPECT_EQ(merged(R"({"a":1,"a":2})", R"({"b":3})"), R"({"a":2,"b":3})");
}

TEST(MergePatch, NumbersKeepTheirSpelling) {
  EXPECT_EQ(merged(R"({"a":9007199254740993,"b":1.50})", R"({"c":1e3})"), R"({"a":9007199254740993,"b":1.50,"c":1e3})");
}

}  // namespace
}  // namespace omashu::service
