// What `consume` prints for a record, in two steps: decoding asks the registry for schemas, printing is a pure function
// of the record and its decoded parts.

#pragma once

#include <optional>
#include <string>

#include "cli/consume_options.h"
#include "cli/record_formatter.h"
#include "schema_registry/client/client.h"
#include "table/payload_reader.h"

namespace omashu::cli {

struct DecodedRecord {
  std::optional<std::string> key;  // JSON; absent: null
  std::optional<std::string> value;
};

class ConsumeFormatter : public RecordFormatter {
 public:
  // The registry and the options must outlive it.
  ConsumeFormatter(const ConsumeOptions& options, schema_registry::Client& registry);

  Result<bool> append(const kafka::Message& message, std::string& out) override;

 private:
  Result<DecodedRecord> decode(const kafka::Message& message);
  Result<std::optional<std::string>> decode_part(const kafka::Message& message, serde::RecordPart part);

  const ConsumeOptions& options_;
  table::PayloadReader reader_;
};

}  // namespace omashu::cli
