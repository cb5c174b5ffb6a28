// The requests that write items, as JSON. Pure.
//
// The guard of a row, so that a record never writes over a newer one, whatever order requests and processes come in:
//   - nothing that omashu wrote is there (attribute_not_exists of the position), or
//   - what is there is of another topic: one of the same name that was deleted and made anew, whose offsets mean
//     nothing any more, or
//   - it is of the same partition and has a lower offset, or
//   - it is of another partition (the topic was given more of them, or producers choose differently), whose offsets
//     know nothing of each other: then the later timestamp is the newer one, and at equal timestamps the higher
//     partition. table/latest_table.h decides the same way.
//
// A tombstone is written as an item of its own under the same guard. Where the item were deleted, a request that was
// delayed, or a reader that was set back, could put an older record into the empty place.

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sink/dynamodb/item.h"

namespace omashu::sink::dynamodb {

struct Statement {
  std::string operation;  // "PutItem"
  std::string body;
};

// PutItem under the guard.
Statement guarded_put(std::string_view table, const ItemOptions& options, const Item& item);

// DeleteItem under the guard.
Statement guarded_delete(std::string_view table, const ItemOptions& options, const Item& item);

// PutItem without one.
Statement put(std::string_view table, const Item& item);

// BatchWriteItem of at most 25 items; no two of one key.
inline constexpr size_t kMaxBatchItems = 25;
inline constexpr size_t kMaxBatchBytes = size_t{15} << 20;  // DynamoDB allows 16 MB
Statement batch_put(std::string_view table, std::span<const Item* const> items);

}  // namespace omashu::sink::dynamodb
