#include "inspect/group_report.h"

namespace omashu::inspect {

Result<GroupReports> observe_groups(kafka::GroupAdmin& admin, std::span<const kafka::GroupDescription> groups) {
  std::vector<std::string> ids;
  for (const kafka::GroupDescription& group : groups) ids.push_back(group.id);
  const auto committed = admin.committed_offsets(ids);
  std::map<kafka::TopicPartition, int64_t> asked;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (!committed[i]) return fail(Error(committed[i].error()).within("group " + ids[i]));
    for (const kafka::TopicPartition& partition : partitions_of_group(groups[i], *committed[i])) {
      asked[partition] = kafka::kLatestTimestamp;
    }
  }
  GroupReports found;
  EndOffsets ends;
  for (const auto& [partition, end] : admin.list_offsets(asked)) {
    if (end) {
      ends[partition] = end->offset;
    } else {
      found.warnings.push_back("where a partition ends is not known: " + end.error().message);
    }
  }
  for (size_t i = 0; i < groups.size(); ++i) {
    found.reports.push_back({.group = groups[i], .lags = partition_lags(groups[i], *committed[i], ends)});
  }
  return found;
}

}  // namespace omashu::inspect
