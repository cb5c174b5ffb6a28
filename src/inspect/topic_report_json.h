// Topics as JSON: what `omashu topics` prints for programs, and what the service answers.

#pragma once

#include "base/json.h"
#include "inspect/topic_list.h"
#include "inspect/topic_report.h"

namespace omashu::inspect {

// A row of a list: {"topic":…,"partitions":3,"replication_factor":1,"leaderless_partitions":0,"cleanup_policy":…,
// "retention_ms":…,"bytes":…}. Settings and size are null where the brokers did not tell them.
json::Value topic_row(const TopicSummary& topic);

// Which settings are told: those that somebody set, or those too that have Kafka's default.
enum class ConfigScope : uint8_t { kSet, kAll };

// {"topic":…,"replication_factor":…,"bytes":…,"replicas_bytes":…,
//  "partitions":[{"partition":…,"leader":…,"replicas":[…],"in_sync_replicas":[…],"begin_offset":…,"end_offset":…,
//                 "bytes":…,"replicas_bytes":…}],
//  "configs":[{"name":…,"value":…,"source":…}],"newest_record":{"partition":…,"offset":…,"timestamp":…},
//  "groups":[{"group":…,"state":…,"members":…,"lag":…,"partitions":[{"partition":…,"committed":…,"lag":…}]}]}
// What is not known is null, and so is the value of a setting that is withheld.
json::Value topic_report_json(const TopicReport& report, ConfigScope scope = ConfigScope::kSet);

// "topic", "broker's file", "default"…: who set a setting.
std::string_view config_source_name(kafka::ConfigSource source);

}  // namespace omashu::inspect
