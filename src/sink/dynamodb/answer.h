// What DynamoDB's answer to a request means for the sink. Pure.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http_client/http_job.h"
#include "omashu/result.h"

namespace omashu::sink::dynamodb {

enum class Verdict : uint8_t {
  kDone,
  kOlder,      // the guard refused it: a newer record is there
  kThrottled,  // again, and less at once
  kTryAgain,   // the service is away or failed
  kRefused,    // this request can never be written
  kExpired,    // the credentials are too old: again with others
  kStop,       // no request can be written
};

struct Answer {
  Verdict verdict = Verdict::kDone;
  Error error;       // unless it is kDone or kOlder: what DynamoDB said, and what to do
  std::string body;  // of kDone
};

Answer judge(http_client::HttpOutcome outcome, std::string_view operation, std::string_view table);

// How many items of a BatchWriteItem were not written, and their keys as DynamoDB's JSON has them. The keys are those
// of `hash` and `sort` (which may be empty) as typed text: "S" and a NUL, then the text.
struct UnprocessedItems {
  size_t count = 0;
  std::vector<std::string> keys;
};
Result<UnprocessedItems> parse_unprocessed(std::string_view body, std::string_view table, std::string_view hash,
                                           std::string_view sort);

// The same key of an item that was sent: `members` is Item::key.
Result<std::string> key_of_members(std::string_view members, std::string_view hash, std::string_view sort);

// What DescribeTable tells.
struct TableDescription {
  struct Attribute {
    std::string name;  // "": none
    char type = 'S';
  };
  std::string status;  // "ACTIVE"
  Attribute hash;
  Attribute sort;
};
Result<TableDescription> parse_table(std::string_view body);

}  // namespace omashu::sink::dynamodb
