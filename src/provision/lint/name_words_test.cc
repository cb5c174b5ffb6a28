#include "provision/lint/name_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

bool happened(std::string_view name) { return tells_what_happened(name_words(name)); }

TEST(NameWords, AreCutAtSeparatorsCapitalsAndDigits) {
  EXPECT_THAT(name_words("OrderPlaced"), ElementsAre("order", "placed"));
  EXPECT_THAT(name_words("shop.order-placed_v2"), ElementsAre("shop", "order", "placed", "v"));
  EXPECT_THAT(name_words("HTTPRequestSent"), ElementsAre("http", "request", "sent"));
  EXPECT_THAT(name_words(""), ElementsAre());
}

TEST(NameWords, APastTenseTellsWhatHappened) {
  for (const char* name : {"OrderPlaced", "mail-sent", "PaymentsWithdrawn", "deal.agreed"}) {
    EXPECT_TRUE(happened(name)) << name;
  }
  for (const char* name : {"Order", "PlaceOrder", "order-events", "NewsFeed", "Embed", "Speed", "HundredRed"}) {
    EXPECT_FALSE(happened(name)) << name;
  }
}

TEST(NameWords, RequestsAndMeasurementsAreNoEvents) {
  EXPECT_TRUE(is_no_event(name_words("download-request")));
  EXPECT_TRUE(is_no_event(name_words("SensorReadings")));
  EXPECT_FALSE(is_no_event(name_words("RequestLine")));
}

TEST(NameWords, TopicNamesThatAreHardToWorkWith) {
  EXPECT_EQ(topic_style_problem("shop.orders-placed"), std::nullopt);
  EXPECT_EQ(topic_style_problem("orders_placed"), std::nullopt);
  EXPECT_THAT(topic_style_problem("Orders").value(), HasSubstr("capitals"));
  EXPECT_THAT(topic_style_problem("_orders").value(), HasSubstr("for itself"));
  EXPECT_THAT(topic_style_problem("orders.").value(), HasSubstr("ends with a separator"));
  EXPECT_THAT(topic_style_problem("orders--placed").value(), HasSubstr("side by side"));
  EXPECT_THAT(topic_style_problem("shop.orders_placed").value(), HasSubstr("several ways"));
}

}  // namespace
}  // namespace omashu::provision
