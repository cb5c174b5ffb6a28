// POST …/rows:batch-get of a group: each member is asked for the keys of its partitions.

#pragma once

#include "service/group/gather.h"

namespace omashu::service {

// On a thread that may wait.
void answer_batch(GroupRouter& router, const http::ExchangePtr& exchange, const http::Handler& here);

// The partitions of the keys that the body of a request names; nothing where it is none that is right.
std::optional<std::vector<kafka::TopicPartition>> partitions_of_keys(GroupRouter& router, const table::LiveTable& table,
                                                                     const std::string& body);

}  // namespace omashu::service
