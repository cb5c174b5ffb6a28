// Whether a topic can have these configs.

#pragma once

#include <optional>

#include "broker/protocol/refusal.h"
#include "broker/topic/log_configs.h"

namespace omashu::broker {

// A config that does not exist, a value that it cannot have, or two that contradict each other, in Kafka's words.
std::optional<Refusal> configs_refusal(const TopicConfigs& configs);

}  // namespace omashu::broker
