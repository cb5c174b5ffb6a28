#include "sink/postgres/positions.h"

#include <fmt/core.h>

#include <array>
#include <charconv>

#include "sink/postgres/value_text.h"

namespace omashu::sink::postgres {

namespace {

int64_t number(std::string_view text) {
  int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Array literals of the parameters.
class Lists {
 public:
  void add(const kafka::TopicPartition& partition) {
    next_item(topics_);
    append_array_item(partition.topic, topics_);
    next_item(partitions_);
    partitions_ += fmt::format("{}", static_cast<int32_t>(partition.partition));
  }
  void add_offsets(std::optional<kafka::Offset> expected, kafka::Offset next) {
    next_item(expected_);
    expected_ += expected ? fmt::format("{}", static_cast<int64_t>(*expected)) : "NULL";
    next_item(next_);
    next_ += fmt::format("{}", static_cast<int64_t>(next));
  }
  void close() {
    for (std::string* list : {&topics_, &partitions_, &expected_, &next_}) *list += '}';
  }

  const std::string& topics() const { return topics_; }
  const std::string& partitions() const { return partitions_; }
  const std::string& expected() const { return expected_; }
  const std::string& next() const { return next_; }

 private:
  static void next_item(std::string& list) {
    if (list.size() > 1) list += ',';
  }
  std::string topics_ = "{", partitions_ = "{", expected_ = "{", next_ = "{";
};

}  // namespace

DatabaseResult<Positions> StoredPositions::claim(Connection& connection,
                                                 std::span<const kafka::TopicPartition> partitions,
                                                 const std::stop_token& stop) {
  if (partitions.empty()) return Positions{};
  Lists lists;
  for (const kafka::TopicPartition& partition : partitions) lists.add(partition);
  lists.close();
  // The update waits for a transaction that is under way with the row.
  const std::string sql = fmt::format(
      "INSERT INTO {} AS p (consumer_group, target, topic, kafka_partition) "
      "SELECT $1, $2, n.topic, n.kafka_partition FROM unnest($3::text[], $4::integer[]) AS n(topic, kafka_partition) "
      "ORDER BY 3, 4 ON CONFLICT (consumer_group, target, topic, kafka_partition) DO UPDATE SET updated_at = now() "
      "RETURNING p.topic, p.kafka_partition, p.next_offset",
      table_);
  const std::array parameters = {Parameter{.value = group_}, Parameter{.value = target_},
                                 Parameter{.value = lists.topics()}, Parameter{.value = lists.partitions()}};
  const auto rows = connection.run(sql, parameters, stop);
  if (!rows) return std::unexpected(rows.error());
  Positions positions;
  for (size_t row = 0; row < rows->size(); ++row) {
    const kafka::TopicPartition partition = {.topic = rows->text(row, 0),
                                             .partition = static_cast<kafka::PartitionId>(number(rows->text(row, 1)))};
    const auto next = rows->at(row, 2);
    std::optional<kafka::Offset>& expected = expected_[partition];
    expected = next ? std::optional(static_cast<kafka::Offset>(number(*next))) : std::nullopt;
    if (expected) positions[partition] = *expected;
  }
  return positions;
}

DatabaseResult<void> StoredPositions::move(Connection& connection, const Positions& next, const std::stop_token& stop) {
  if (next.empty()) return {};
  Lists lists;
  for (const auto& [partition, offset] : next) {
    const auto expected = expected_.find(partition);
    lists.add(partition);
    lists.add_offsets(expected == expected_.end() ? std::nullopt : expected->second, offset);
  }
  lists.close();
  const std::array parameters = {Parameter{.value = group_},           Parameter{.value = target_},
                                 Parameter{.value = lists.topics()},   Parameter{.value = lists.partitions()},
                                 Parameter{.value = lists.expected()}, Parameter{.value = lists.next()}};
  const std::string sql = fmt::format(
      "WITH n AS (SELECT * FROM unnest($3::text[], $4::integer[], $5::bigint[], $6::bigint[]) "
      "AS n(topic, kafka_partition, expected, next)), "
      "locked AS (SELECT p.topic, p.kafka_partition, p.next_offset, n.next FROM {0} p JOIN n "
      "USING (topic, kafka_partition) WHERE p.consumer_group = $1 AND p.target = $2 "
      "AND p.next_offset IS NOT DISTINCT FROM n.expected ORDER BY p.topic, p.kafka_partition FOR UPDATE OF p) "
      "UPDATE {0} p SET next_offset = locked.next, updated_at = now() FROM locked WHERE p.consumer_group = $1 "
      "AND p.target = $2 AND p.topic = locked.topic AND p.kafka_partition = locked.kafka_partition",
      table_);
  const auto updated = connection.run(sql, parameters, stop);
  if (!updated) return std::unexpected(updated.error());
  if (updated->affected() == static_cast<int64_t>(next.size())) return {};
  return std::unexpected(DatabaseFailure{
      .remedy = Remedy::kTryAgain,
      .sqlstate = "",
      .error = {
          ErrorCode::kConflict,
          fmt::format("another member of group {} has moved the positions in {}: reading them again", group_, table_),
          {}}});
}

void StoredPositions::moved(const Positions& next) {
  for (const auto& [partition, offset] : next) expected_[partition] = offset;
}

void StoredPositions::forget(std::span<const kafka::TopicPartition> partitions) {
  for (const kafka::TopicPartition& partition : partitions) expected_.erase(partition);
}

}  // namespace omashu::sink::postgres
