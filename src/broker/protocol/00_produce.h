// Produce. Records go to the logs of their partitions as they are; so the request views them in its frame.
//
// Versions 0 to 2 carry the message formats that came before record batches. They are advertised because librdkafka up
// to 2.10 takes a broker without them for one that cannot compress; the handler refuses what they bring.
//   3  the transactional id; record batches only
//   5  the answer has the log start offset
//   8  the answer has errors by record, and a message
//   9  flexible

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

struct ProduceResponse;

struct ProduceRequest {
  static constexpr Api kApi{ApiKey::kProduce, "Produce", {0, 11}, 9};
  using Response = ProduceResponse;

  struct Partition {
    PartitionId index{0};
    std::optional<BytesView> records = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.index);
      visit(self.records);
    }
  };

  struct Topic {
    std::string_view name = {};
    std::vector<Partition> partitions = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.partitions);
    }
  };

  std::optional<std::string_view> transactional_id = {};
  int16_t acks = 0;  // -1: all; 0: there is no answer at all
  int32_t timeout_ms = 0;
  std::vector<Topic> topics = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.transactional_id, since(3));
    visit(self.acks);
    visit(self.timeout_ms);
    visit(self.topics);
  }
};

struct ProduceResponse {
  static constexpr Api kApi = ProduceRequest::kApi;

  struct RecordError {
    int32_t batch_index = 0;
    std::optional<std::string> batch_index_error_message = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.batch_index);
      visit(self.batch_index_error_message);
    }
  };

  struct Partition {
    PartitionId index{0};
    KafkaError error_code = KafkaError::kNone;
    Offset base_offset = kNoOffset;
    int64_t log_append_time_ms = -1;  // -1 where the topic keeps the producer's timestamps
    Offset log_start_offset = kNoOffset;
    std::vector<RecordError> record_errors = {};
    std::optional<std::string> error_message = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.index);
      visit(self.error_code);
      visit(self.base_offset);
      visit(self.log_append_time_ms, since(2));
      visit(self.log_start_offset, since(5));
      visit(self.record_errors, since(8));
      visit(self.error_message, since(8));
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

  std::vector<Topic> topics = {};
  int32_t throttle_time_ms = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.topics);
    visit(self.throttle_time_ms, since(1));
  }
};

}  // namespace omashu::broker
