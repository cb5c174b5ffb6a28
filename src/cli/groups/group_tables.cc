#include "cli/groups/group_tables.h"

#include <fmt/core.h>

#include "base/counted.h"
#include "cli/records/report_format.h"

namespace omashu::cli {

std::string group_summary(const inspect::GroupReport& report) {
  const kafka::GroupDescription& group = report.group;
  std::string text = fmt::format("{}: {}", group.id, group.state);
  if (!group.protocol_type.empty()) text += ", protocol " + group.protocol_type;
  if (!group.assignor.empty()) text += fmt::format(" ({})", group.assignor);
  text += group.has_unknown_members ? ", its members are not known" : ", " + counted(group.members.size(), "member");
  return text + fmt::format(", lag {}\n", inspect::total_lag(report.lags));
}

TextRows member_rows(const inspect::GroupReport& report) {
  TextRows table{.titles = {"MEMBER", "CLIENT", "HOST", "PARTITIONS"}, .rows = {}};
  for (const kafka::GroupMember& member : report.group.members) {
    table.rows.push_back({member.group_instance_id.value_or(member.member_id), member.client_id, member.host,
                          fmt::format("{}", member.assignment.size())});
  }
  return table;
}

TextRows lag_rows(const inspect::GroupReport& report) {
  TextRows table{.titles = {"TOPIC", "PARTITION", "COMMITTED", "END", "LAG", "CLIENT", "HOST"}, .rows = {}};
  for (const inspect::PartitionLag& lag : report.lags) {
    table.rows.push_back({lag.partition.topic, fmt::format("{}", lag.partition.partition), cell(lag.committed),
                          cell(lag.end), cell(lag.lag), lag.client_id.empty() ? "-" : lag.client_id,
                          lag.host.empty() ? "-" : lag.host});
  }
  return table;
}

}  // namespace omashu::cli
