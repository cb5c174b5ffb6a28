// What `omashu groups describe` tells of a group: as tables for people, as JSON for programs.

#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "cli/groups/group_lag.h"
#include "cli/topics/topic_report.h"
#include "kafka/group_admin.h"

namespace omashu::cli {

struct GroupReport {
  kafka::GroupDescription group;
  std::vector<PartitionLag> lags;
};

std::string group_summary(const GroupReport& report);  // a line
TextRows member_rows(const GroupReport& report);
TextRows lag_rows(const GroupReport& report);
json::Value group_report_json(const GroupReport& report);

}  // namespace omashu::cli
