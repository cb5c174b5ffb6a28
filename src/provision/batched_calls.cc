#include "provision/batched_calls.h"

#include <algorithm>

namespace omashu::provision {

namespace {

// A KRaft controller refuses a request that writes more than 10,000 metadata records: one for each topic, partition and
// setting.
constexpr size_t kMaxRecords = 9'000;

size_t records_of(const kafka::NewTopic& topic) {
  // Of -1, the brokers' own number, which is small where it is not absurd.
  return 1 + static_cast<size_t>(std::max(topic.partitions, 1)) + topic.configs.size();
}
size_t records_of(const kafka::Admin::NewPartitions& topic) { return static_cast<size_t>(topic.total); }
size_t records_of(const kafka::ConfigChange& change) { return change.set.size(); }
size_t records_of(const std::string&) { return 1; }

// `call` takes a span of items and gives one answer for each.
template <class Item, class Call>
std::vector<Result<void>> call_in_batches(std::span<const Item> items, const Call& call) {
  std::vector<Result<void>> answers;
  answers.reserve(items.size());
  for (size_t begin = 0; begin < items.size();) {
    size_t end = begin;
    for (size_t records = 0; end < items.size(); ++end) {
      records += records_of(items[end]);
      if (records > kMaxRecords && end > begin) break;
    }
    for (Result<void>& answer : call(items.subspan(begin, end - begin))) answers.push_back(std::move(answer));
    begin = end;
  }
  return answers;
}

}  // namespace

std::vector<Result<void>> create_topics(kafka::Admin& admin, std::span<const kafka::NewTopic> topics,
                                        bool validate_only) {
  return call_in_batches(topics, [&](auto batch) { return admin.create_topics(batch, validate_only); });
}

std::vector<Result<void>> create_partitions(kafka::Admin& admin, std::span<const kafka::Admin::NewPartitions> topics,
                                            bool validate_only) {
  return call_in_batches(topics, [&](auto batch) { return admin.create_partitions(batch, validate_only); });
}

std::vector<Result<void>> alter_configs(kafka::Admin& admin, std::span<const kafka::ConfigChange> changes,
                                        bool validate_only) {
  return call_in_batches(changes, [&](auto batch) { return admin.alter_configs(batch, validate_only); });
}

std::vector<Result<void>> delete_topics(kafka::Admin& admin, std::span<const std::string> topics) {
  return call_in_batches(topics, [&](auto batch) { return admin.delete_topics(batch); });
}

}  // namespace omashu::provision
