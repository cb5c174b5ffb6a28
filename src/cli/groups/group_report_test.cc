#include "cli/groups/group_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

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
  report.lags = partition_lags(report.group, {{{"t", 0}, 7}, {{"t", 1}, 5}}, {{{"t", 0}, 10}});
  return report;
}

TEST(GroupReport, TablesShowADashForWhatIsNotKnown) {
  EXPECT_EQ(group_summary(readers()), "readers: Stable, protocol consumer (range), 1 member, lag 3\n");
  EXPECT_THAT(member_rows(readers()).rows, ElementsAre(ElementsAre("m-1", "app", "/10.0.0.1", "1")));
  EXPECT_THAT(lag_rows(readers()).rows, ElementsAre(ElementsAre("t", "0", "7", "10", "3", "app", "/10.0.0.1"),
                                                    ElementsAre("t", "1", "5", "-", "-", "-", "-")));
}

TEST(GroupReport, SaysThatTheMembersOfTheNewProtocolAreNotKnown) {
  GroupReport report;
  report.group = {.id = "new", .state = "Stable", .protocol_type = "consumer", .has_unknown_members = true};
  EXPECT_EQ(group_summary(report), "new: Stable, protocol consumer, its members are not known, lag 0\n");
  EXPECT_EQ(json::to_text(group_report_json(report)),
            R"({"group":"new","state":"Stable","protocol_type":"consumer","type":null,"assignor":null,)"
            R"("coordinator":-1,"members":null,"partitions":[],"lag":0})");
}

TEST(GroupReport, IsOneObjectAsJson) {
  EXPECT_EQ(json::to_text(group_report_json(readers())),
            R"({"group":"readers","state":"Stable","protocol_type":"consumer","type":"Classic","assignor":"range",)"
            R"("coordinator":1,"members":[{"member_id":"m-1","group_instance_id":null,"client_id":"app",)"
            R"("host":"/10.0.0.1","partitions":[{"topic":"t","partition":0}]}],"partitions":[{"topic":"t",)"
            R"("partition":0,"committed":7,"end_offset":10,"lag":3,"member_id":"m-1"},{"topic":"t","partition":1,)"
            R"("committed":5,"end_offset":null,"lag":null,"member_id":null}],"lag":3})");
}

}  // namespace
}  // namespace omashu::cli
