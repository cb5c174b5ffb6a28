#include "inspect/group_report_json.h"

#include <gtest/gtest.h>

namespace omashu::inspect {
namespace {

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

TEST(GroupReportJson, HasNoMembersWhereThoseOfTheNewProtocolAreNotKnown) {
  GroupReport report;
  report.group = {.id = "new", .state = "Stable", .protocol_type = "consumer", .has_unknown_members = true};
  EXPECT_EQ(json::to_text(group_report_json(report)),
            R"({"group":"new","state":"Stable","protocol_type":"consumer","type":null,"assignor":null,)"
            R"("coordinator":-1,"members":null,"partitions":[],"lag":0})");
  EXPECT_EQ(json::to_text(group_row(report.group)),
            R"({"group":"new","state":"Stable","protocol_type":"consumer","type":null,"members":null,)"
            R"("coordinator":-1})");
}

TEST(GroupReportJson, IsOneObjectAsJson) {
  EXPECT_EQ(json::to_text(group_report_json(readers())),
            R"({"group":"readers","state":"Stable","protocol_type":"consumer","type":"Classic","assignor":"range",)"
            R"("coordinator":1,"members":[{"member_id":"m-1","group_instance_id":null,"client_id":"app",)"
            R"("host":"/10.0.0.1","partitions":[{"topic":"t","partition":0}]}],"partitions":[{"topic":"t",)"
            R"("partition":0,"committed":7,"end_offset":10,"lag":3,"member_id":"m-1"},{"topic":"t","partition":1,)"
            R"("committed":5,"end_offset":null,"lag":null,"member_id":null}],"lag":3})");
}

}  // namespace
}  // namespace omashu::inspect
