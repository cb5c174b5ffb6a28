// topics_and_schemas.txt: one row a topic, columns separated by spaces or tabs.
//
//   topic_name partitions replication_factor schema_file has_key_schema cleanup_policy make_it_topic [key=value …]
//
// What follows the columns are settings of the topic as Kafka names them, and `compatibility`, the level of the row's
// subjects, and `reference.SUBJECT=VERSION`, the version of another subject that the row's schemas refer to whatever
// its latest is; and, for `omashu up` and `omashu serve`, `index=FIELD,FIELD`, `ttl=DURATION[,FIELD]` and
// `board=FIELD,FIELD` of the table that is served of a compacted topic. -1 partitions or replicas are as many as the
// brokers give topics by themselves.
//
// The header line is optional; blank lines and what follows a field that starts with '#' are skipped; CRLF, a
// byte-order mark and a missing final newline are accepted. This reads each row by itself; what rows say about each
// other is desired.h's matter.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "provision/mistake.h"

namespace omashu::provision {

// A value, and where it stands.
template <class T>
struct Placed {
  T value{};
  TextPosition position;
  bool is_right = true;  // false: there is a mistake here, and the value means nothing
};

struct SsvRow {
  Placed<std::string> topic_name;
  Placed<int> partitions;
  Placed<int> replication_factor;
  Placed<std::string> schema_file;  // kNoSchema: a topic without one
  Placed<bool> has_key_schema;
  Placed<std::string> cleanup_policy;
  Placed<bool> make_it_topic;
  std::vector<std::pair<std::string, Placed<std::string>>> configs;  // as Kafka takes them, or kDefaultValue
  std::optional<Placed<std::string>> compatibility;                  // of the row's subjects
  std::map<std::string, Placed<int>> pinned_references;              // versions by subject
  std::optional<Placed<std::string>> index;                          // fields, separated by commas
  std::optional<Placed<std::string>> ttl;                            // "7d", "7d,updatedAt"
  std::optional<Placed<std::string>> board;                          // fields, separated by commas; "-" is none
  bool is_right = true;                                              // no mistake anywhere in the row
};

// In the column schema_file: no value schema. The schema of the key, if there is one, is then `<topic_name>-key.avsc`.
inline constexpr std::string_view kNoSchema = "-";

// In the columns partitions and replication_factor: num.partitions and default.replication.factor of the brokers.
inline constexpr int kBrokerDefault = -1;

// After the columns, beside settings of the topic.
inline constexpr std::string_view kCompatibility = "compatibility";
inline constexpr std::string_view kReferencePrefix = "reference.";
inline constexpr std::string_view kIndex = "index";
inline constexpr std::string_view kTimeToLive = "ttl";
inline constexpr std::string_view kBoard = "board";

// What the fields of board= are, in this order: state, progress, total, time of the last change, reason. "-" leaves one
// to the dashboard.
inline constexpr size_t kBoardFields = 5;
inline constexpr std::string_view kNoBoardField = "-";

inline constexpr std::string_view kHeader =
    "topic_name partitions replication_factor schema_file has_key_schema cleanup_policy make_it_topic";

struct SsvFile {
  std::vector<SsvRow> rows;  // those of seven columns or more
  std::vector<Mistake> mistakes;
};

// `file` is the name that mistakes carry.
SsvFile parse_ssv(std::string_view text, const std::string& file);

}  // namespace omashu::provision
