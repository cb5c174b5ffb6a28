// Whether the table suits what is to be written into it, and the request that makes one that does. Pure.

#pragma once

#include <string>

#include "omashu/result.h"
#include "sink/dynamodb/answer.h"
#include "sink/dynamodb/key_source.h"
#include "sink/dynamodb/statements.h"

namespace omashu::sink::dynamodb {

// The key attributes under the table's own names and types; an error where the table has another key than is asked for.
Result<TableKey> match_key(const std::string& table, const TableDescription& description, const KeySource& hash,
                           const std::optional<KeySource>& sort);

Statement describe_table(const std::string& table);

// On demand, so that there is no capacity to be planned.
Statement create_table(const std::string& table, const KeySource& hash, const std::optional<KeySource>& sort);

// DynamoDB removes items whose attribute is a time that has passed.
Statement enable_ttl(const std::string& table, const std::string& attribute);

}  // namespace omashu::sink::dynamodb
