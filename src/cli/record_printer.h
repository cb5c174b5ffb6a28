// A record that was read, as the text that `consume` prints for it, in two steps: decoding asks the registry for
// schemas, printing is a pure function of the record and its decoded parts. Both may run on any thread.

#pragma once

#include <optional>
#include <string>

#include "cli/console_format.h"
#include "cli/consume_options.h"
#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "table/payload_reader.h"

namespace omashu::cli {

struct DecodedRecord {
  std::optional<std::string> key;  // JSON; absent: null
  std::optional<std::string> value;
};

class RecordDecoder {
 public:
  // The registry and the options must outlive it.
  RecordDecoder(const ConsumeOptions& options, schema_registry::Client& registry);

  // kCorrupt where the record is at fault: another one may decode.
  Result<DecodedRecord> decode(const kafka::Message& message);

 private:
  Result<std::optional<std::string>> decode_part(const kafka::Message& message, serde::RecordPart part);

  const ConsumeOptions& options_;
  table::PayloadReader reader_;
};

// Appends the record with its line end.
void print_record(const ConsumeOptions& options, const kafka::Message& message, const DecodedRecord& decoded,
                  std::string& out);

}  // namespace omashu::cli
