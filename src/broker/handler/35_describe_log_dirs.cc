// DescribeLogDirs, 1 to 5. There is one folder of logs, the data folder; its volume's size is what the file system
// says. Partitions that the request names and that are not there are left out, as in Kafka.
//
// Left out: partitions that move between folders, folders that take no new partitions.

#include "broker/protocol/35_describe_log_dirs.h"

#include <filesystem>
#include <limits>

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

using LogDir = DescribeLogDirsResponse::Result;

int64_t as_signed(uintmax_t bytes) {
  constexpr auto kMax = std::numeric_limits<int64_t>::max();
  return bytes > static_cast<uintmax_t>(kMax) ? kMax : static_cast<int64_t>(bytes);
}

// False where a file cannot be looked at.
bool add_partition(const Partition& partition, DescribeLogDirsResponse::Topic& topic) {
  const auto size_bytes = partition.log()->size_bytes();
  if (!size_bytes) return false;
  topic.partitions.push_back(
      {.partition_index = partition.index(), .partition_size = static_cast<int64_t>(*size_bytes)});
  return true;
}

bool add_all_topics(const TopicStore& topics, LogDir& log_dir) {
  for (const TopicPtr& topic : topics.all()) {
    auto& described = log_dir.topics.emplace_back();
    described.name = topic->name;
    for (const auto& partition : topic->partitions) {
      if (!add_partition(*partition, described)) return false;
    }
  }
  return true;
}

bool add_requested_topics(const TopicStore& topics, const std::vector<DescribeLogDirsRequest::Topic>& requested,
                          LogDir& log_dir) {
  for (const auto& request_topic : requested) {
    const TopicPtr topic = topics.find(request_topic.topic);
    DescribeLogDirsResponse::Topic described{.name = std::string(request_topic.topic), .partitions = {}};
    for (const PartitionId index : request_topic.partitions) {
      const Partition* partition = find_partition(topic.get(), index);
      if (partition != nullptr && !add_partition(*partition, described)) return false;
    }
    if (!described.partitions.empty()) log_dir.topics.push_back(std::move(described));
  }
  return true;
}

}  // namespace

DescribeLogDirsResponse handle_describe_log_dirs(Broker& broker, const RequestContext&,
                                                 const DescribeLogDirsRequest& request) {
  const std::string& folder = broker.options().data_folder;
  LogDir log_dir{.log_dir = std::filesystem::absolute(folder).lexically_normal().string(), .topics = {}};
  std::error_code error;
  const auto space = std::filesystem::space(folder, error);
  const bool is_read = request.topics ? add_requested_topics(broker.topics(), *request.topics, log_dir)
                                      : add_all_topics(broker.topics(), log_dir);
  if (error || !is_read) {
    log_dir.error_code = KafkaError::kKafkaStorageError;
    log_dir.topics.clear();
  } else {
    log_dir.total_bytes = as_signed(space.capacity);
    log_dir.usable_bytes = as_signed(space.available);
  }
  DescribeLogDirsResponse response;
  response.results.push_back(std::move(log_dir));
  return response;
}

}  // namespace omashu::broker
