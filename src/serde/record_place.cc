#include "serde/record_place.h"

#include <fmt/core.h>

namespace omashu::serde {

std::string to_text(const RecordPlace& place) {
  const std::string_view part = record_part_name(place.part);
  if (place.topic.empty()) return std::string(part);
  if (place.partition < 0 || place.offset < 0) return fmt::format("{} {}", place.topic, part);
  return fmt::format("{}-{}-{} {}", place.topic, place.partition, place.offset, part);
}

}  // namespace omashu::serde
