// Where a consumer without a group's offsets starts to read.

#pragma once

#include <chrono>
#include <map>

#include "cli/consume_options.h"
#include "kafka/consumer.h"

namespace omashu::cli {

// The first offset to read of each partition that the options mean.
Result<std::map<kafka::TopicPartition, kafka::Offset>> start_offsets(const ConsumeOptions& options,
                                                                     kafka::Consumer& consumer,
                                                                     std::chrono::milliseconds timeout);

}  // namespace omashu::cli
