#include "inspect/group_report_json.h"

namespace omashu::inspect {

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

json::Value group_row(const kafka::GroupDescription& group) {
  json::Value row = json::Value::object();
  row.add("group", group.id);
  row.add("state", group.state);
  row.add("protocol_type", group.protocol_type);
  row.add("type", text_or_null(group.type));
  row.add("members",
          group.has_unknown_members ? json::Value() : json::Value(static_cast<uint64_t>(group.members.size())));
  row.add("coordinator", group.coordinator);
  return row;
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

}  // namespace omashu::inspect
