// Where a payload stands, for the errors that speak of it.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "serde/wire_format.h"

namespace omashu::serde {

struct RecordPlace {
  std::string_view topic = {};
  RecordPart part = RecordPart::kValue;
  int32_t partition = -1;  // -1: not known
  int64_t offset = -1;     // -1: not known
};

// "status-download-0-42 value", "status-download value", "value".
std::string to_text(const RecordPlace& place);

}  // namespace omashu::serde
