// Topics written into a table of DynamoDB (or of a server with its API).
//
// At least once: the engine commits what this sink has written, and what is written twice is the same item. Where the
// latest record of each key is kept, a guard keeps older ones from writing over it (statements.h), so that a rewind,
// or a process that was thought dead, does no harm.

#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "sink/dynamodb/api.h"
#include "sink/dynamodb/credentials.h"
#include "sink/dynamodb/item.h"
#include "sink/dynamodb/writes.h"
#include "sink/sink.h"

namespace omashu::sink::dynamodb {

struct DynamodbOptions {
  ApiOptions api;
  bool history = false;  // every record an item; else the latest of each key
  KeySource hash;
  std::optional<KeySource> sort;
  ItemOptions items;
  bool deletes = false;  // a tombstone removes its item
  std::optional<std::chrono::seconds> tombstone_ttl = std::chrono::hours(7 * 24);
  bool create = false;  // the table, where it is not there
};

// The ids of topics, by their names: "" where the brokers tell none.
using TopicIds = std::map<std::string, std::string>;
using DescribeTopics = std::function<Result<TopicIds>(const std::set<std::string>& topics)>;

// No request is sent before begin().
Result<std::unique_ptr<Sink>> open_dynamodb_sink(DynamodbOptions options, AwsEnvironment environment,
                                                 DescribeTopics describe_topics);

}  // namespace omashu::sink::dynamodb
