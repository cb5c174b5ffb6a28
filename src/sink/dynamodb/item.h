// A record as an item of a table. Pure.
//
// The fields of a value that is a record are attributes of their names; any other value is the attribute "value". The
// attribute "_position" says which record it was, and guards the item against older ones (statements.h):
//   {"topic":{"S":…},"partition":{"N":…},"offset":{"N":…},"timestamp":{"N":…}}
// A tombstone is an item with the key, "_position" and "_deleted".

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "omashu/result.h"
#include "sink/dynamodb/attribute_value.h"
#include "sink/dynamodb/key_source.h"
#include "sink/sink.h"

namespace omashu::sink::dynamodb {

inline constexpr size_t kMaxItemBytes = size_t{400} << 10;
inline constexpr size_t kMaxHashBytes = 2048;
inline constexpr size_t kMaxSortBytes = 1024;

struct ItemOptions {
  std::string position_attribute = "_position";
  std::string deleted_attribute = "_deleted";
  std::string expires_attribute = "_expires";  // of a tombstone: seconds since 1970, for DynamoDB's time to live
  AttributeOptions values;
  bool key_from_record_key = true;  // fields of the key attributes are looked for in the record's key alone
};

// Which record an item shows.
struct ItemPosition {
  std::string topic;  // its id, which differs for a topic that was made anew; its name where brokers tell no ids
  int64_t partition = 0;
  int64_t offset = 0;
  int64_t timestamp_ms = 0;
};

struct Item {
  std::string key;         // the members of the key: "id":{"S":"om-1"}
  std::string attributes;  // all members, the key's among them
  ItemPosition position;
  bool is_tombstone = false;
};

class ItemMapper {
 public:
  ItemMapper(TableKey key, ItemOptions options) : key_(std::move(key)), options_(std::move(options)) {}

  const TableKey& key() const { return key_; }
  const ItemOptions& options() const { return options_; }

  // An error is the record's own: what about it has no place in an item. `expires_s` is of a tombstone.
  Result<Item> map(const SinkRecord& record, const std::string& topic_id, std::optional<int64_t> expires_s) const;

 private:
  Result<size_t> append_key(const SinkRecord& record, const ItemPosition& position, std::string& out) const;
  Result<size_t> append_value(const avro::Datum& value, const std::string& key, std::string& out) const;
  bool is_reserved(std::string_view name) const;

  const TableKey key_;
  const ItemOptions options_;
};

// `{"M":{"topic":…}}`.
std::string position_attribute(const ItemPosition& position);

}  // namespace omashu::sink::dynamodb
