// The lines that `produce` takes, as records.

#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "cli/console/console_format.h"
#include "cli/records/payload_writer.h"
#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"

namespace omashu::cli {

struct RecordEncoding {
  PayloadWriterOptions key;
  PayloadWriterOptions value;
  bool is_avro_json = false;
  bool is_console = false;  // else lines are JSON
  bool ignores_partitions = false;
  ConsoleInput console;
};

class RecordEncoder {
 public:
  // Asks the registry for the schemas; needs it only while it runs.
  static Result<RecordEncoder> open(schema_registry::Client& registry, const std::string& topic,
                                    const RecordEncoding& encoding);

  Result<kafka::Record> encode(std::string_view line) const;

 private:
  RecordEncoder(std::string topic, RecordEncoding encoding, ConsoleLineReader lines, PayloadWriter key,
                PayloadWriter value)
      : topic_(std::move(topic)),
        encoding_(std::move(encoding)),
        console_lines_(std::move(lines)),
        key_(std::move(key)),
        value_(std::move(value)) {}

  Result<kafka::Record> encode_json(std::string_view line) const;
  Result<kafka::Record> encode_console(std::string_view line) const;

  std::string topic_;
  RecordEncoding encoding_;
  ConsoleLineReader console_lines_;
  PayloadWriter key_;
  PayloadWriter value_;
};

}  // namespace omashu::cli
