#include "service/cluster/json_names.h"

#include <gtest/gtest.h>

namespace omashu::service {
namespace {

TEST(JsonNamesTest, NamesAreChangedAtEveryDepthAndNothingElse) {
  const auto before = json::parse(R"({"in_sync_replicas":[1,2],"a":{"end_offset":1.50,"_x":"a_b","y_":null}})");
  ASSERT_TRUE(before);
  EXPECT_EQ(json::to_text(with_service_names(*before)),
            R"({"inSyncReplicas":[1,2],"a":{"endOffset":1.50,"_x":"a_b","y_":null}})");
}

}  // namespace
}  // namespace omashu::service
