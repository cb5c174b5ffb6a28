// The topic of a console tool: Java's tools leave it to the broker to make one that is not there
// (auto.create.topics.enable), and so do these.

#pragma once

#include <string>

#include "cli/connection/cluster.h"
#include "cli/stop_signal.h"
#include "omashu/result.h"

namespace omashu::cli {

// kNotFound, with the nearest topic that there is, where the broker does not make it within a few seconds; kCancelled
// where a stop comes first.
Result<void> find_or_auto_create_topic(Cluster& cluster, const std::string& topic, const StopSignal& stop);

}  // namespace omashu::cli
