// What a topic's configs mean to its logs.

#pragma once

#include "broker/config/config_file.h"
#include "broker/log/log_config.h"

namespace omashu::broker {

// By name. What is not set on a topic has the broker's default, and where that is not set either, the one that is
// declared (config/topic_settings.h).
using TopicConfigs = ConfigValues;

// Every value must be one that topic_config_problem() accepts.
LogConfig log_config_of(const TopicConfigs& configs, const TopicConfigs& broker_defaults = {});

}  // namespace omashu::broker
