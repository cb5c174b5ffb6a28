#include "base/topic_name.h"

#include <gtest/gtest.h>

#include <string>

namespace omashu {
namespace {

TEST(TopicName, AcceptsWhatKafkaAccepts) {
  for (const std::string& name : {std::string("a"), std::string("status-download"), std::string("A.b_c-9"),
                                  std::string("..."), std::string("-"), std::string(249, 'x')}) {
    EXPECT_EQ(topic_name_problem(name), std::nullopt) << name;
  }
}

TEST(TopicName, SaysWhatIsWrongAndWhatWouldBeRight) {
  EXPECT_EQ(topic_name_problem("."), "a topic cannot be named '.'");
  EXPECT_EQ(topic_name_problem(".."), "a topic cannot be named '..'");
  EXPECT_EQ(topic_name_problem(std::string(250, 'x')), "the topic name has 250 characters: at most 249 are allowed");
  EXPECT_EQ(topic_name_problem("a/b"), "illegal topic name 'a/b': use letters, digits, '.', '_' and '-' only");
  EXPECT_EQ(topic_name_problem("caf\xc3\xa9"),
            "illegal topic name 'caf\xc3\xa9': use letters, digits, '.', '_' and '-' only");
}

TEST(TopicName, DotsAndUnderscoresCollideInMetrics) {
  EXPECT_EQ(metric_name("a.b_c"), metric_name("a_b.c"));
  EXPECT_NE(metric_name("a-b"), metric_name("a_b"));
}

TEST(TopicName, KnowsWhatBelongsToKafkaAndTheRegistry) {
  EXPECT_TRUE(is_internal_topic("__consumer_offsets"));
  EXPECT_TRUE(is_internal_topic("_schemas"));
  EXPECT_FALSE(is_internal_topic("_mine"));
}

}  // namespace
}  // namespace omashu
