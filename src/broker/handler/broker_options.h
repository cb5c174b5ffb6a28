// The settings that the broker is started with, from `omashu up --config NAME=VALUE`.

#pragma once

#include <string_view>

#include "broker/group/group_config.h"
#include "broker/handler/broker.h"
#include "omashu/result.h"

namespace omashu::broker {

// NAME=VALUE. Fails where there is no such setting, where it cannot be set, or not so.
Result<void> set_broker_option(BrokerOptions& options, std::string_view assignment);

// Those that must fit together, after all were set.
Result<void> check_broker_options(const BrokerOptions& options);

GroupConfig group_config_of(const ConfigValues& configs);

}  // namespace omashu::broker
