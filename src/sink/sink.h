// What a sink is: where the records of some topics are written to, a batch at a time. PostgreSQL, DynamoDB, files and
// callbacks of programs are sinks; the engine (engine.h) reads, decodes, retries, sets aside and commits for all of
// them.
//
// Invariants that a sink may rely on:
//   - begin(), write() and end() are called on one thread of this sink's own, one at a time. They may block: membership
//     of the group and polling are the matter of another thread. Before the first call and after the last one the sink
//     may be used by whoever owns it.
//   - write() is given records of partitions alone for which begin() has been called and end() has not.
//   - The records of a partition come in the order of its log, and each of them until it is durable or set aside. One
//     batch may hold records of several partitions.
//   - A record that does not decode never reaches a sink.
//   - After write() has answered kTryAgain, begin() is called for every partition that is held, and then the records
//     come again which lie at or behind the positions that it answered: maybe in another batch, with others beside
//     them.
//
// And what the engine relies on:
//   - When write() answers that it is done, every record of the batch that was not set aside is durable.
//   - When it answers kTryAgain, the batch may be written in part or as a whole: the engine does not know. A sink that
//     keeps positions writes them in the same transaction as the records, and so tells it with the next begin(). Other
//     sinks may be given records twice, which their writes must bear (at least once).
//   - A sink that keeps positions changes them only from what it answered or wrote itself, and compares: where another
//     member has moved them meanwhile it writes nothing and answers kTryAgain. So a member that lost its partitions
//     without knowing it cannot write over the one that has them now.

#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "avro/datum.h"
#include "kafka/types.h"
#include "omashu/result.h"
#include "serde/deserializer.h"
#include "serde/wire_format.h"

namespace omashu::sink {

// Of each partition the next offset to read.
using Positions = std::map<kafka::TopicPartition, kafka::Offset>;

// A key or a value that is there, decoded as its writer saw it. What carries no registered schema is decoded as one of
// the schemas "string", "bytes", "long", "int", "double" and "float", so that a sink sees Avro alone. The views live
// until write() returns.
struct SinkPart {
  std::string_view bytes;  // as it stands on the topic, framing included
  std::string_view data;   // the Avro encoding of `datum`, without framing

  // The writer's schema with its decoders. Records of one schema id share it: what a sink derives from a schema (a
  // statement, a list of columns) it may keep by this pointer, as long as it holds the pointer.
  std::shared_ptr<const serde::Deserializer::Writer> writer;
  std::optional<serde::SchemaKey> schema_key;  // of the registry; nothing where there was no registered schema

  avro::Datum datum;
};

struct SinkRecord {
  // As it was read: headers, timestamp, and key and value bytes. Its topic, partition and offset are where it was read.
  const kafka::Message* message = nullptr;

  // What identifies the record and orders it among those of its partition: where it was written first. It differs from
  // where it was read for a record that waited in a retry topic, and there alone. Rows are guarded and made unique by
  // these, positions are kept by what Batch::next says.
  std::string_view topic;
  kafka::PartitionId partition{};
  kafka::Offset offset{};

  std::optional<SinkPart> key;
  std::optional<SinkPart> value;  // absent: a tombstone
};

struct Batch {
  // Of each partition in the order of its log. May be empty, where all that was read was set aside before.
  std::span<const SinkRecord> records;

  // The positions of the partitions that this batch moves, once it is durable. They are behind the last record, and
  // further where records were set aside or are no records for readers (markers of transactions).
  Positions next;
};

// Why a batch was not written.
struct WriteFailure {
  enum class Kind : uint8_t {
    kTryAgain,  // the database is away, or busy, or another member was faster: the engine comes again, however often
    kStop,      // what no repetition mends: the configuration, a table that is not what it was. The sink ends
  };
  Kind kind = Kind::kTryAgain;
  Error error;

  static WriteFailure try_again(Error error) { return {Kind::kTryAgain, std::move(error)}; }
  static WriteFailure stop(Error error) { return {Kind::kStop, std::move(error)}; }
};
using WriteResult = std::expected<void, WriteFailure>;

// A record of a batch that this sink can never write, and why: the row that the database refuses, alone.
struct Rejected {
  size_t index = 0;  // in Batch::records
  Error reason;
};

// Where a sink puts what it cannot write. Given to write(), valid until it returns.
class Rejections {
 public:
  // Sends the records to the retry topics or the dead letters, and returns once they are durable there. The sink calls
  // it before it makes positions durable that lie behind them: so a crash between the two repeats a dead letter and
  // loses none. A failure is one that write() returns as its own: without dead letters it is kStop and names the
  // record. Where a batch is written again, the engine does not send those again that it has sent already.
  virtual WriteResult set_aside(std::span<const Rejected> rejected) = 0;

 protected:
  ~Rejections() = default;
};

// A number that a sink tells in /metrics, beside those of the engine.
struct SinkMetric {
  std::string name;  // "omashu_sink_postgres_reconnects_total"; a counter where it ends in _total, else a gauge
  std::string help;
  double value = 0;
};

class Sink {
 public:
  virtual ~Sink() = default;

  // Partitions that are this sink's from now on, and, after write() has answered kTryAgain, all that it holds. A sink
  // that keeps positions itself (exactly once) answers where it stands in each partition that it knows; the engine
  // reads from there. For the others the offsets that the group has committed hold. Connects where that is needed.
  // Returns kTryAgain soon after `stop` is requested.
  virtual std::expected<Positions, WriteFailure> begin(std::span<const kafka::TopicPartition> partitions,
                                                       const std::stop_token& stop) = 0;

  // All or nothing, as far as the engine may believe. `stop` is requested when the time to finish is over: then it
  // returns kTryAgain soon.
  virtual WriteResult write(const Batch& batch, Rejections& rejections, const std::stop_token& stop) = 0;

  // Partitions that are another member's from now on: what is kept for them is dropped. Must not fail or wait.
  virtual void end(std::span<const kafka::TopicPartition> partitions) = 0;

  // From any thread.
  virtual std::vector<SinkMetric> metrics() const { return {}; }
};

}  // namespace omashu::sink
