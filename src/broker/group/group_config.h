// The settings of groups, under Kafka's names but for the units.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>

namespace omashu::broker {

struct GroupConfig {
  int32_t group_min_session_timeout_ms = 6'000;
  int32_t group_max_session_timeout_ms = 1'800'000;

  // How long the first rebalance of a group waits for more members. Kafka's default is 3 s, which a local broker's user
  // would wait for at every start. With 0 it ends as any rebalance does: when all who are known have joined.
  int32_t group_initial_rebalance_delay_ms = 0;

  // How long a new member may wait in its first JoinGroup: its client may be gone, and nobody can tell.
  int32_t new_member_join_timeout_ms = 300'000;

  // Members, and as many who have been given an id and have not come back with it.
  size_t group_max_size = 1'000;

  // A member's protocols, as JoinGroup brings them. Kafka bounds them by the size of a record.
  size_t max_member_metadata_bytes = size_t{1} << 18;
  size_t max_member_protocols = 64;

  size_t offset_metadata_max_characters = 4'096;  // offset.metadata.max.bytes, which counts characters in Kafka too
  int64_t offsets_retention_ms = int64_t{7} * 24 * 60 * 60 * 1000;
  int64_t offsets_retention_check_interval_ms = 600'000;

  // For member ids, which nobody should guess.
  std::function<uint32_t()> random = [device = std::make_shared<std::random_device>()] { return (*device)(); };
};

}  // namespace omashu::broker
