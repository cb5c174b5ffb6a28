// The offsets that one group has committed. A commit counts once its records are stored: until then it is on its way,
// and find() shows the one before. Not thread-safe.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/partition_id.h"
#include "broker/group/coordinator_actions.h"
#include "broker/group/group_messages.h"

namespace omashu::broker {

class OffsetTable {
 public:
  struct Partition {
    std::string topic = {};
    PartitionId partition{0};

    auto operator<=>(const Partition&) const = default;
  };
  struct Commit {
    Partition where = {};
    CommittedOffset offset = {};
  };
  using Topics = std::map<std::string, std::map<PartitionId, CommittedOffset>, std::less<>>;

  void begin_commit(AppendId id, std::vector<Commit> commits);
  // In whatever order: of two commits of one partition, the one that began later stays.
  void end_commit(AppendId id, bool is_stored);

  void put(Commit commit);  // as read from the log

  const CommittedOffset* find(std::string_view topic, PartitionId partition) const;
  const Topics& all() const { return topics_; }
  bool is_empty() const { return topics_.empty() && on_their_way_.empty(); }

  // Removals take back what is on its way too: its record is in the log before the tombstone. They return what needs a
  // tombstone.
  bool remove(const Partition& where);  // whether it was there
  std::vector<Partition> remove_topic(std::string_view topic);
  std::vector<Partition> remove_all();
  // Those whose retention is over, but for those with a commit on its way. It counts from the commit, or from when the
  // group became empty if that was later.
  std::vector<Partition> remove_expired(int64_t empty_since_ms, int64_t retention_ms, int64_t now_ms);

 private:
  std::vector<Partition> partitions() const;
  bool is_on_its_way(std::string_view topic, PartitionId partition) const;

  Topics topics_;  // no topic is without partitions
  std::map<AppendId, std::vector<Commit>> on_their_way_;
};

}  // namespace omashu::broker
