#include "table/key_winners.h"

#include <tuple>

namespace omashu::table {

bool KeyWinners::is_later(const Latest& one, const Latest& other) {
  return std::tuple(one.timestamp_ms, one.partition) > std::tuple(other.timestamp_ms, other.partition);
}

const KeyWinners::Latest& KeyWinners::winner_of(const Entry& entry) {
  return is_later(entry.best, entry.current) ? entry.best : entry.current;
}

void KeyWinners::add(std::string_view key, kafka::PartitionId partition, int64_t timestamp_ms) {
  const Latest latest{partition, timestamp_ms};
  const auto [found, is_new] = keys_.try_emplace(std::string(key), Entry{latest, latest});
  if (is_new) return;
  Entry& entry = found->second;
  if (entry.current.partition == partition) {
    // Within a partition the log's order is the truth, whatever the timestamps.
    if (entry.best.partition == partition) entry.best = latest;
  } else {
    entry.best = winner_of(entry);
  }
  entry.current = latest;
}

bool KeyWinners::is_winner(std::string_view key, kafka::PartitionId partition) const {
  const auto found = keys_.find(std::string(key));
  return found != keys_.end() && winner_of(found->second).partition == partition;
}

bool KeyWinners::replaces(std::string_view key, kafka::PartitionId partition, int64_t timestamp_ms) {
  const Latest latest{partition, timestamp_ms};
  const auto [found, is_new] = keys_.try_emplace(std::string(key), Entry{latest, latest});
  if (is_new) return true;
  const Latest winner = winner_of(found->second);
  if (winner.partition != partition && !is_later(latest, winner)) return false;
  found->second = {latest, latest};
  return true;
}

}  // namespace omashu::table
