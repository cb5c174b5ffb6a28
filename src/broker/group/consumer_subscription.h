// The one place that looks into what members say: which topics they read, so that offsets of a topic in use are not
// deleted. Only members of protocol type "consumer" speak of topics (Kafka's ConsumerProtocolSubscription).

#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace omashu::broker {

inline constexpr std::string_view kConsumerProtocolType = "consumer";

// The topics of a subscription; every version begins as version 0 does, and no more of it is read. Absent where the
// bytes are something else. Views are into the bytes.
std::optional<std::vector<std::string_view>> subscribed_topics(std::string_view metadata);

}  // namespace omashu::broker
