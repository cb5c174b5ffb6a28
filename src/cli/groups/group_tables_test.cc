#include "cli/groups/group_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using inspect::GroupReport;
using testing::ElementsAre;

GroupReport readers() {
  GroupReport report;
  report.group = {.id = "readers",
                  .state = "Stable",
                  .protocol_type = "consumer",
                  .type = "Classic",
                  .assignor = "range",
                  .coordinator = 1,
                  .members = {{.member_id = "m-1",
                               .group_instance_id = {},
                               .client_id = "app",
                               .host = "/10.0.0.1",
                               .assignment = {{"t", 0}}}}};
  report.lags = inspect::partition_lags(report.group, {{{"t", 0}, 7}, {{"t", 1}, 5}}, {{{"t", 0}, 10}});
  return report;
}

TEST(GroupTables, TablesShowADashForWhatIsNotKnown) {
  EXPECT_EQ(group_summary(readers()), "readers: Stable, protocol consumer (range), 1 member, lag 3\n");
  EXPECT_THAT(member_rows(readers()).rows, ElementsAre(ElementsAre("m-1", "app", "/10.0.0.1", "1")));
  EXPECT_THAT(lag_rows(readers()).rows, ElementsAre(ElementsAre("t", "0", "7", "10", "3", "app", "/10.0.0.1"),
                                                    ElementsAre("t", "1", "5", "-", "-", "-", "-")));
}

TEST(GroupTables, SaysThatTheMembersOfTheNewProtocolAreNotKnown) {
  GroupReport report;
  report.group = {.id = "new", .state = "Stable", .protocol_type = "consumer", .has_unknown_members = true};
  EXPECT_EQ(group_summary(report), "new: Stable, protocol consumer, its members are not known, lag 0\n");
}

}  // namespace
}  // namespace omashu::cli
