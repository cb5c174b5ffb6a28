// Answers of DynamoDB, or of what stands in its place: errors, UnprocessedItems, descriptions of tables.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sink/dynamodb/answer.h"
#include "sink/dynamodb/number_text.h"

using namespace omashu::sink::dynamodb;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  omashu::http_client::HttpOutcome outcome;
  constexpr int kStatuses[] = {200, 400, 404, 413, 429, 500, 503, 302};
  outcome.status = kStatuses[data[0] % 8];
  outcome.body = text;
  const Answer answer = judge(outcome, "PutItem", "t");
  if (answer.error.message.find('\n') != std::string::npos) __builtin_trap();
  if (const auto unprocessed = parse_unprocessed(text, "t", "id", "at")) {
    if (unprocessed->keys.size() != unprocessed->count) __builtin_trap();
  }
  (void)parse_table(text);
  (void)key_of_members(text, "id", "");
  if (const auto bytes = number_size(text)) {
    if (*bytes > 22) __builtin_trap();
  }
  return 0;
}
