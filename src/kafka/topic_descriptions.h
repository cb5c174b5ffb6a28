// DescribeTopics (a forced Metadata request), for Admin and Consumer. Private to this folder.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "kafka/admin.h"
#include "kafka/client_handle.h"

namespace omashu::kafka {

// One answer for each name, in their order; a name may occur twice. kNotFound where there is no such topic.
std::vector<Result<TopicDescription>> describe_topics(ClientHandle& client, std::span<const std::string> topics,
                                                      Clock::time_point deadline);

}  // namespace omashu::kafka
