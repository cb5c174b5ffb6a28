#include "service/rows/partition_selection.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <charconv>

#include "base/shown.h"

namespace omashu::service {

Parameter partitions_parameter() {
  return {.name = "partitions",
          .description = "only rows whose record lies in these partitions of the topic: 0,3",
          .schema = R"({"type":"string","minLength":1,"maxLength":4096})"};
}

Answer<PartitionSelection> parse_partitions(const http::Request& request) {
  const auto text = request.query_value("partitions");
  if (!text) return std::nullopt;
  std::set<kafka::PartitionId> partitions;
  std::string_view rest = *text;
  while (true) {
    const std::string_view number = rest.substr(0, rest.find(','));
    kafka::PartitionId partition = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), partition);
    if (error != std::errc() || end != number.data() + number.size() || partition < 0) {
      return refuse(ProblemType::kInvalidParameter,
                    fmt::format("partitions: {} is no list of partitions: 0,3", shown(*text)));
    }
    partitions.insert(partition);
    if (number.size() == rest.size()) return partitions;
    rest.remove_prefix(number.size() + 1);
  }
}

std::string partitions_text(const std::set<kafka::PartitionId>& partitions) {
  return fmt::format("{}", fmt::join(partitions, ","));
}

}  // namespace omashu::service
