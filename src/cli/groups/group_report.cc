#include "cli/groups/group_report.h"

#include <fmt/core.h>

#include "base/counted.h"
#include "cli/records/report_format.h"

namespace omashu::cli {

namespace {

json::Value optional_json(std::optional<int64_t> number) { return number ? json::Value(*number) : json::Value(); }

json::Value text_or_null(const std::string& text) { return text.empty() ? json::Value() : json::Value(text); }

json::Value member_json(const kafka::GroupMember& member) {
  json::Value object = json::Value::object();
  object.add("member_id", member.member_id);
  object.add("group_instance_id", text_or_null(member.group_instance_id.value_or("")));
  object.add("client_id", member.client_id);
  object.add("host", member.host);
  json::Value partitions = json::Value::array();
  for (const kafka::TopicPartition& partition : member.assignment) {
    json::Value one = json::Value::object();
    one.add("topic", partition.topic);
    one.add("partition", partition.partition);
    partitions.append(std::move(one));
  }
  object.add("partitions", std::move(partitions));
  return object;
}

json::Value lag_json(const PartitionLag& lag) {
  json::Value object = json::Value::object();
  object.add("topic", lag.partition.topic);
  object.add("partition", lag.partition.partition);
  object.add("committed", optional_json(lag.committed));
  object.add("end_offset", optional_json(lag.end));
  object.add("lag", optional_json(lag.lag));
  object.add("member_id", text_or_null(lag.member_id));
  return object;
}

}  // namespace

std::string group_summary(const GroupReport& report) {
  const kafka::GroupDescription& group = report.group;
  std::string text = fmt::format("{}: {}", group.id, group.state);
  if (!group.protocol_type.empty()) text += ", protocol " + group.protocol_type;
  if (!group.assignor.empty()) text += fmt::format(" ({})", group.assignor);
  text += group.has_unknown_members ? ", its members are not known" : ", " + counted(group.members.size(), "member");
  return text + fmt::format(", lag {}\n", total_lag(report.lags));
}

TextRows member_rows(const GroupReport& report) {
  TextRows table{.titles = {"MEMBER", "CLIENT", "HOST", "PARTITIONS"}, .rows = {}};
  for (const kafka::GroupMember& member : report.group.members) {
    table.rows.push_back({member.group_instance_id.value_or(member.member_id), member.client_id, member.host,
                          fmt::format("{}", member.assignment.size())});
  }
  return table;
}

TextRows lag_rows(const GroupReport& report) {
  TextRows table{.titles = {"TOPIC", "PARTITION", "COMMITTED", "END", "LAG", "CLIENT", "HOST"}, .rows = {}};
  for (const PartitionLag& lag : report.lags) {
    table.rows.push_back({lag.partition.topic, fmt::format("{}", lag.partition.partition), cell(lag.committed),
                          cell(lag.end), cell(lag.lag), lag.client_id.empty() ? "-" : lag.client_id,
                          lag.host.empty() ? "-" : lag.host});
  }
  return table;
}

json::Value group_report_json(const GroupReport& report) {
  const kafka::GroupDescription& group = report.group;
  json::Value object = json::Value::object();
  object.add("group", group.id);
  object.add("state", group.state);
  object.add("protocol_type", group.protocol_type);
  object.add("type", text_or_null(group.type));
  object.add("assignor", text_or_null(group.assignor));
  object.add("coordinator", group.coordinator);
  json::Value members;
  if (!group.has_unknown_members) {
    members = json::Value::array();
    for (const kafka::GroupMember& member : group.members) members.append(member_json(member));
  }
  object.add("members", std::move(members));
  json::Value partitions = json::Value::array();
  for (const PartitionLag& lag : report.lags) partitions.append(lag_json(lag));
  object.add("partitions", std::move(partitions));
  object.add("lag", total_lag(report.lags));
  return object;
}

}  // namespace omashu::cli
