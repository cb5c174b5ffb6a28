// All that there is to tell of a consumer group.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "inspect/group_lag.h"
#include "kafka/group_admin.h"

namespace omashu::inspect {

struct GroupReport {
  kafka::GroupDescription group;
  std::vector<PartitionLag> lags;
};

struct GroupReports {
  std::vector<GroupReport> reports;   // in the order of the groups
  std::vector<std::string> warnings;  // what could not be had
};

// Asks what all of these groups have committed, and then once where their partitions end.
Result<GroupReports> observe_groups(kafka::GroupAdmin& admin, std::span<const kafka::GroupDescription> groups);

}  // namespace omashu::inspect
