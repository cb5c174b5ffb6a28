// DescribeLogDirs: how much space partitions take in the folders of a broker, and how much there is.
//
//   2  flexible
//   3  an error for the whole request
//   4  the size of the volume
//   5  whether the folder takes new partitions

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/partition_id.h"
#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct DescribeLogDirsResponse;

struct DescribeLogDirsRequest {
  static constexpr Api kApi{ApiKey::kDescribeLogDirs, "DescribeLogDirs", {1, 5}, 2};
  using Response = DescribeLogDirsResponse;

  struct Topic {
    std::string_view topic = {};
    std::vector<PartitionId> partitions = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.topic);
      visit(self.partitions);
    }
  };

  std::optional<std::vector<Topic>> topics = {};  // null: all

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.topics);
  }
};

struct DescribeLogDirsResponse {
  static constexpr Api kApi = DescribeLogDirsRequest::kApi;

  struct Partition {
    PartitionId partition_index{0};
    int64_t partition_size = 0;  // bytes of its segments
    int64_t offset_lag = 0;
    bool is_future_key = false;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.partition_index);
      visit(self.partition_size);
      visit(self.offset_lag);
      visit(self.is_future_key);
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

  struct Result {
    KafkaError error_code = KafkaError::kNone;
    std::string log_dir = {};
    std::vector<Topic> topics = {};
    int64_t total_bytes = -1;
    int64_t usable_bytes = -1;
    bool is_cordoned = false;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.error_code);
      visit(self.log_dir);
      visit(self.topics);
      visit(self.total_bytes, since(4));
      visit(self.usable_bytes, since(4));
      visit(self.is_cordoned, since(5));
    }
  };

  int32_t throttle_time_ms = 0;
  KafkaError error_code = KafkaError::kNone;
  std::vector<Result> results = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms);
    visit(self.error_code, since(3));
    visit(self.results);
  }
};

}  // namespace omashu::broker
