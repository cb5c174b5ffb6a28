// The topics that a sink writes to by itself: dead letters and retries.

#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "omashu/result.h"
#include "sink/engine.h"

namespace omashu::cli {

class Cluster;

// The topics that the sink reads must be there. Its dead letters and retry topics are made where they are not, with as
// many partitions and replicas as what they take records from, and records that stay until they are deleted.
Result<void> prepare_topics(Context& context, Cluster& cluster, const sink::EngineOptions& options);

}  // namespace omashu::cli
