// What will hurt a cluster some day: replicas, settings, retention, partitions and groups that do not go together.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inspect/topic_report.h"
#include "kafka/admin.h"
#include "kafka/group_admin.h"
#include "provision/severity.h"

namespace omashu::inspect {

struct ClusterFacts {
  kafka::ClusterDescription cluster;
  std::vector<TopicReport> topics;
  std::vector<kafka::GroupDescription> groups;  // with their members' partitions
  std::vector<std::string> warnings;            // what could not be had
};

struct CheckRule {
  std::string_view name;
  std::string_view reason;
};

std::span<const CheckRule> check_rules();
// nullptr where there is no such rule.
const CheckRule* find_check_rule(std::string_view name);

struct CheckFinding {
  const CheckRule* rule = nullptr;
  provision::Severity severity = provision::Severity::kWarning;
  std::string topic = {};  // "" where it is of a group or of the cluster alone
  std::string group = {};
  std::string message;  // what is so, and what to do
};

// Topics in their order, then groups, then the cluster.
std::vector<CheckFinding> check_cluster(const ClusterFacts& facts);

// Asks each question once. The topics that Kafka keeps for itself are among them; `prefix` leaves out topics whose
// names start otherwise.
Result<ClusterFacts> observe_cluster(const TopicSources& sources, const std::string& prefix);

}  // namespace omashu::inspect
