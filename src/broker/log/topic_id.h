// Ids of topics (and of the cluster, which has the same form): 16 random bytes, written as Kafka does, in base64 for
// URLs without padding.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace omashu::broker {

using TopicId = std::array<uint8_t, 16>;

inline constexpr size_t kIdTextLength = 22;

TopicId random_id();
std::string id_text(const TopicId& id);
std::optional<TopicId> parse_id(std::string_view text);

}  // namespace omashu::broker
