// What a topic's configs mean to its logs.

#pragma once

#include <map>
#include <string>

#include "broker/log/log_config.h"

namespace omashu::broker {

// Those that are set on the topic; the others have Kafka's defaults (base/topic_configs.h).
using TopicConfigs = std::map<std::string, std::string, std::less<>>;

// Every value must be one that topic_config_problem() accepts.
LogConfig log_config_of(const TopicConfigs& configs);

}  // namespace omashu::broker
