// What a record in a retry topic says of itself, in headers: where it was written first, and when it is to be tried
// again. Headers of other topics are not believed.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kafka/types.h"

namespace omashu::sink {

inline constexpr std::string_view kRetryOriginHeader = "omashu.retry.origin";  // "status-download-2-41"
inline constexpr std::string_view kRetryAtHeader = "omashu.retry.at";          // ms since 1970

struct RecordOrigin {
  std::string_view topic;
  kafka::PartitionId partition{};
  kafka::Offset offset{};
};

// Of "topic-partition-offset", as positions are written everywhere.
std::optional<RecordOrigin> parse_origin(std::string_view text);
std::string origin_text(const RecordOrigin& origin);

// The last header of that name; nothing where there is none with a value.
std::optional<std::string_view> find_header(const kafka::Message& message, std::string_view name);

// Of a record that was read from a retry topic; where it was read, where its header makes no sense.
RecordOrigin origin_of_retry(const kafka::Message& message);
// 0 where the header makes no sense: at once.
int64_t retry_at_ms(const kafka::Message& message);

}  // namespace omashu::sink
