// What AlterConfigs and IncrementalAlterConfigs have in common.

#pragma once

#include <span>
#include <vector>

#include "broker/protocol/44_incremental_alter_configs.h"

namespace omashu::broker {

class Broker;

enum class AlterFrom {
  kDefaults,  // what is not named goes back to its default
  kPresent,   // what is not named stays
};

// An answer for each resource, whose changes are all made or none. All topics go to the disk with one write, and the
// broker's configs with another; they are in force when this returns.
std::vector<IncrementalAlterConfigsResponse::Resource> alter_configs(
    Broker& broker, std::span<const IncrementalAlterConfigsRequest::Resource> resources, AlterFrom from,
    bool validate_only);

}  // namespace omashu::broker
