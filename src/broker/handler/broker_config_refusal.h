// Whether the broker can have these configs at run time.

#pragma once

#include <optional>
#include <string_view>

#include "broker/config/broker_configs.h"
#include "broker/protocol/refusal.h"

namespace omashu::broker {

class Broker;

// Of a resource of the type broker: its name is neither empty, for all brokers, nor the id of this one.
std::optional<Refusal> broker_name_refusal(const Broker& broker, std::string_view name);

// A config that does not exist, one that is read-only, a value that it cannot have here, or two that contradict each
// other, as Kafka refuses them.
std::optional<Refusal> broker_configs_refusal(const BrokerConfigs& present, BrokerConfigs::Level level,
                                              const ConfigValues& configs);

}  // namespace omashu::broker
