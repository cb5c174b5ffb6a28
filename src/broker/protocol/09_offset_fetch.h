// OffsetFetch: how far groups have come.
//
//   2  null asks for all topics; an error for the whole answer
//   5  the leader epoch of an offset
//   6  flexible
//   7  require_stable: not those that a transaction may still take back
//   8  many groups in one request
//   9  the member id and epoch of the newer group protocol

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/offset.h"
#include "base/partition_id.h"
#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct OffsetFetchResponse;

struct OffsetFetchRequest {
  static constexpr Api kApi{ApiKey::kOffsetFetch, "OffsetFetch", {1, 9}, 6};
  using Response = OffsetFetchResponse;

  struct Topic {
    std::string_view name = {};
    std::vector<PartitionId> partition_indexes = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.partition_indexes);
    }
  };

  struct Group {
    std::string_view group_id = {};
    std::optional<std::string_view> member_id = {};
    int32_t member_epoch = -1;
    std::optional<std::vector<Topic>> topics = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.group_id);
      visit(self.member_id, since(9));
      visit(self.member_epoch, since(9));
      visit(self.topics);
    }
  };

  std::string_view group_id = {};
  std::optional<std::vector<Topic>> topics = {};
  std::vector<Group> groups = {};
  bool require_stable = false;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.group_id, until(7));
    visit(self.topics, until(7).nullable_since(2));
    visit(self.groups, since(8));
    visit(self.require_stable, since(7));
  }
};

struct OffsetFetchResponse {
  static constexpr Api kApi = OffsetFetchRequest::kApi;

  struct Partition {
    PartitionId partition_index{0};
    Offset committed_offset = kNoOffset;  // where none is committed
    int32_t committed_leader_epoch = -1;
    std::optional<std::string> metadata = {};
    KafkaError error_code = KafkaError::kNone;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
      visit(self.committed_offset);
      visit(self.committed_leader_epoch, since(5));
      visit(self.metadata);
      visit(self.error_code);
    }
  };

  struct Topic {
    std::string name = {};
    std::vector<Partition> partitions = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.partitions);
    }
  };

  struct Group {
    std::string group_id = {};
    std::vector<Topic> topics = {};
    KafkaError error_code = KafkaError::kNone;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.group_id);
      visit(self.topics);
      visit(self.error_code);
    }
  };

  int32_t throttle_time_ms = 0;
  std::vector<Topic> topics = {};
  KafkaError error_code = KafkaError::kNone;
  std::vector<Group> groups = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms, since(3));
    visit(self.topics, until(7));
    visit(self.error_code, between(2, 7));
    visit(self.groups, since(8));
  }
};

}  // namespace omashu::broker
