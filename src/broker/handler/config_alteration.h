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

// An answer for each resource, whose changes are all made or none. All resources go to the disk with one write, and are
// at work when this returns. Topics only: the configs of a broker are set when it starts.
std::vector<IncrementalAlterConfigsResponse::Resource> alter_configs(
    Broker& broker, std::span<const IncrementalAlterConfigsRequest::Resource> resources, AlterFrom from,
    bool validate_only);

}  // namespace omashu::broker
