// Whether a topic can have these configs.

#pragma once

#include <optional>

#include "broker/protocol/refusal.h"
#include "broker/topic/log_configs.h"

namespace omashu::broker {

struct ConfigRules {
  bool accept_any_replication_factor = false;  // then min.insync.replicas may be anything, too
  // The topic's configs so far: what stays as it is is not looked at again, so that a topic of an earlier release can
  // be altered whatever it has.
  const TopicConfigs* present = nullptr;
  TopicConfigs broker_defaults = {};  // of what the topic does not set
};

std::optional<Refusal> compaction_lag_refusal(const TopicConfigs& configs, const TopicConfigs& broker_defaults);

// A config that does not exist, a value that it cannot have here, or two that contradict each other, in Kafka's words
// where Kafka would refuse it as well.
std::optional<Refusal> configs_refusal(const TopicConfigs& configs, const ConfigRules& rules = {});

}  // namespace omashu::broker
