// The value of a key attribute, in the type that the table has for it. Pure.

#pragma once

#include <cstddef>
#include <string>

#include "omashu/result.h"
#include "sink/dynamodb/item.h"
#include "sink/dynamodb/key_source.h"
#include "sink/sink.h"

namespace omashu::sink::dynamodb {

// Appends `{"S":"om-1"}`, and answers the bytes that it counts for. Empty keys, those above `max_bytes`, and what the
// table's type cannot hold are refused.
Result<size_t> append_key_value(const SinkRecord& record, const ItemPosition& position, const KeyAttribute& attribute,
                                bool from_record_key, size_t max_bytes, std::string& out);

}  // namespace omashu::sink::dynamodb
