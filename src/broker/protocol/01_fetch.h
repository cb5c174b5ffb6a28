// Fetch. The records of the answer are left open for the server to send from the segment files (message.h: Records).
//
//   5  log start offsets
//   7  fetch sessions; an answer with session id 0 declines one
//   9  the leader epoch that the client knows
//  11  the client's rack
//  12  flexible; 13 would name topics by id

#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/offset.h"
#include "base/partition_id.h"
#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"
#include "broker/protocol/producer_id.h"

namespace omashu::broker {

struct FetchResponse;

struct FetchRequest {
  static constexpr Api kApi{ApiKey::kFetch, "Fetch", {4, 12}, 12};
  using Response = FetchResponse;

  struct Partition {
    PartitionId partition{0};
    int32_t current_leader_epoch = -1;
    Offset fetch_offset{0};
    int32_t last_fetched_epoch = -1;
    Offset log_start_offset = kNoOffset;
    int32_t partition_max_bytes = 0;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition);
      visit(self.current_leader_epoch, since(9));
      visit(self.fetch_offset);
      visit(self.last_fetched_epoch, since(12));
      visit(self.log_start_offset, since(5));
      visit(self.partition_max_bytes);
    }
  };

  struct Topic {
    std::string_view topic = {};
    std::vector<Partition> partitions = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.topic);
      visit(self.partitions);
    }
  };

  struct ForgottenTopic {
    std::string_view topic = {};
    std::vector<PartitionId> partitions = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.topic);
      visit(self.partitions);
    }
  };

  int32_t replica_id = -1;  // a consumer
  int32_t max_wait_ms = 0;
  int32_t min_bytes = 0;
  int32_t max_bytes = std::numeric_limits<int32_t>::max();
  int8_t isolation_level = 0;  // 1: read_committed
  int32_t session_id = 0;
  int32_t session_epoch = -1;
  std::vector<Topic> topics = {};
  std::vector<ForgottenTopic> forgotten_topics_data = {};
  std::string_view rack_id = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.replica_id);
    visit(self.max_wait_ms);
    visit(self.min_bytes);
    visit(self.max_bytes);
    visit(self.isolation_level);
    visit(self.session_id, since(7));
    visit(self.session_epoch, since(7));
    visit(self.topics);
    visit(self.forgotten_topics_data, since(7));
    visit(self.rack_id, since(11));
  }
};

struct FetchResponse {
  static constexpr Api kApi = FetchRequest::kApi;

  struct AbortedTransaction {
    ProducerId producer_id = kNoProducerId;
    Offset first_offset{0};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.producer_id);
      visit(self.first_offset);
    }
  };

  struct Partition {
    PartitionId partition_index{0};
    KafkaError error_code = KafkaError::kNone;
    Offset high_watermark = kNoOffset;
    Offset last_stable_offset = kNoOffset;
    Offset log_start_offset = kNoOffset;
    std::optional<std::vector<AbortedTransaction>> aborted_transactions = {};
    int32_t preferred_read_replica = -1;
    Records records = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
      visit(self.error_code);
      visit(self.high_watermark);
      visit(self.last_stable_offset);
      visit(self.log_start_offset, since(5));
      visit(self.aborted_transactions);
      visit(self.preferred_read_replica, since(11));
      visit(self.records);
    }
  };

  struct Topic {
    std::string topic = {};
    std::vector<Partition> partitions = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.topic);
      visit(self.partitions);
    }
  };

  int32_t throttle_time_ms = 0;
  KafkaError error_code = KafkaError::kNone;
  int32_t session_id = 0;
  std::vector<Topic> topics = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms);
    visit(self.error_code, since(7));
    visit(self.session_id, since(7));
    visit(self.topics);
  }
};

}  // namespace omashu::broker
