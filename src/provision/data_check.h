// Whether the records that topics hold can be read with the schemas that are planned for them: a registry compares
// schemas, this reads data.
//
// Each record is decoded with the schema that it was written with, as seen through the planned one. Where that fails,
// its own schema alone is tried, which tells a record that the plan would lock out from one that never could be read.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "avro/schema.h"
#include "kafka/types.h"
#include "provision/desired.h"
#include "provision/observed.h"
#include "schema_registry/client/client.h"
#include "serde/wire_format.h"

namespace omashu::provision {

// The schema through which a topic's keys or values will be read. Under the strategies that allow several types of
// records in a topic there are several, and each is for the records of its type.
struct PlannedReader {
  std::string topic;
  serde::RecordPart part = serde::RecordPart::kValue;
  std::string subject;
  std::string file;
  avro::Schema schema;
};

// Of all topics of the files that exist. A schema that hangs on a violation is left out.
std::vector<PlannedReader> planned_readers(const Desired& desired, const Observed& observed);

// Where the records come from.
class RecordSource {
 public:
  virtual ~RecordSource() = default;

  // Hands out the records of the last `count` offsets of each partition, or all of them. Those of one partition come in
  // their order.
  virtual Result<void> read_last(const std::string& topic, std::optional<int64_t> count,
                                 const std::function<Result<void>(const kafka::Message&)>& visit) = 0;
};

struct FailedRecord {
  kafka::PartitionId partition = 0;
  kafka::Offset offset{};
  std::string message;  // what failed
};

// How many of the records, and the first few of them.
struct FailedRecords {
  static constexpr size_t kMaxShown = 5;

  int64_t count = 0;
  std::vector<FailedRecord> first = {};

  void add(const kafka::Message& record, const Error& error);
};

// Of one planned reader.
struct DataCheck {
  std::string topic;
  serde::RecordPart part = serde::RecordPart::kValue;
  std::string subject;
  std::string file;
  int64_t readable = 0;
  FailedRecords unreadable = {};   // their own schemas read them, the planned one does not
  FailedRecords undecodable = {};  // nothing reads them
};

// One answer for each reader. Tombstones and absent keys are passed over, and records of types that no reader is for.
// An error where the brokers or the registry are away.
Result<std::vector<DataCheck>> check_data(std::span<const PlannedReader> readers, RecordSource& source,
                                          schema_registry::Client& registry, std::optional<int64_t> last);

// No record would become unreadable.
bool is_all_readable(std::span<const DataCheck> checks);

}  // namespace omashu::provision
