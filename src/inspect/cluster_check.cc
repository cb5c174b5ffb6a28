#include "inspect/cluster_check.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "base/byte_size.h"
#include "base/counted.h"
#include "base/topic_configs.h"

namespace omashu::inspect {

namespace {

using provision::Severity;

constexpr auto kRules = std::to_array<CheckRule>({
    {"no-leader", "A partition without a leader can be neither written nor read."},
    {"out-of-sync", "A replica that is behind protects nothing until it has caught up."},
    {"replication", "What only one broker has is away while that broker is, and gone with its disk."},
    {"min-insync",
     "acks=all means as many replicas as min.insync.replicas says: with 1 the leader alone, whose loss is the "
     "record's; "
     "with all of them, one broker that is away stops every writer."},
    {"unclean-election",
     "A replica that is behind may become the leader, and what it had not got is lost, though it was acknowledged."},
    {"compacted-retention", "A setting that does nothing under this cleanup policy is taken for one that does."},
    {"table-delete",
     "With `delete`, Kafka drops the latest record of a key by its age, without a tombstone: tables of the topic still "
     "have the row."},
    {"hot-partition", "One broker and one reader do most of the topic's work, however many there are."},
    {"idle-members",
     "A partition is read by one member of a group: with more members than partitions some do nothing."},
    {"uneven-leaders", "A leader does the work of its partitions: with most of them on one broker the others idle."},
});

// Below these a topic is too small for its partitions to be told apart.
constexpr int64_t kMinRecords = 10'000;
constexpr int64_t kMinBytes = 16 << 20;
constexpr int64_t kHotFactor = 3;  // so many times what the other partitions have, on average
constexpr size_t kGoodReplication = 3;

const kafka::ConfigEntry* find_config(const TopicReport& topic, const std::string& name) {
  const auto found = topic.configs.find(name);
  return found == topic.configs.end() ? nullptr : &found->second;
}

std::optional<int> number(const kafka::ConfigEntry* entry) {
  if (entry == nullptr) return std::nullopt;
  int value = 0;
  const char* end = entry->value.data() + entry->value.size();
  if (std::from_chars(entry->value.data(), end, value).ptr != end) return std::nullopt;
  return value;
}

// The largest of several parts, and what the others have on average.
struct Share {
  size_t index = 0;
  int64_t largest = 0, total = 0;
  size_t parts = 0;

  int64_t mean_of_others() const { return parts < 2 ? 0 : (total - largest) / static_cast<int64_t>(parts - 1); }
  bool is_hot() const { return parts > 1 && largest >= kHotFactor * std::max<int64_t>(mean_of_others(), 1); }
  int64_t percent() const { return total == 0 ? 0 : largest * 100 / total; }
};

Share share_of(const std::vector<int64_t>& parts) {
  Share share{.parts = parts.size()};
  for (size_t i = 0; i < parts.size(); ++i) {
    share.total += parts[i];
    if (parts[i] <= share.largest) continue;
    share.largest = parts[i];
    share.index = i;
  }
  return share;
}

class Checker {
 public:
  explicit Checker(const ClusterFacts& facts) : facts_(facts) {}

  std::vector<CheckFinding> run() {
    for (const TopicReport& topic : facts_.topics) {
      check_replicas(topic);
      check_min_insync(topic);
      check_settings(topic);
      check_hot_partition(topic);
    }
    for (const kafka::GroupDescription& group : facts_.groups) check_group(group);
    check_leaders();
    return std::move(findings_);
  }

 private:
  void check_replicas(const TopicReport& topic) {
    const kafka::TopicDescription& description = topic.description;
    if (description.leaderless_partitions > 0) {
      note(topic, "no-leader", Severity::kError,
           fmt::format("{} without a leader: start the brokers that have them",
                       counted(static_cast<size_t>(description.leaderless_partitions), "partition")));
    }
    const auto behind = std::ranges::count_if(description.partition_descriptions, [](const auto& partition) {
      return partition.in_sync_replicas.size() < partition.replicas.size();
    });
    if (behind > 0) {
      note(topic, "out-of-sync", Severity::kWarning,
           fmt::format("{} with a replica that is behind", counted(static_cast<size_t>(behind), "partition")));
    }
    const auto factor = static_cast<size_t>(description.replication_factor);
    if (facts_.cluster.brokers.size() < kGoodReplication || factor == 0 || factor >= kGoodReplication) return;
    note(topic, "replication", factor == 1 ? Severity::kError : Severity::kWarning,
         fmt::format("replication factor {} on {} brokers: raise it to {}", factor, facts_.cluster.brokers.size(),
                     kGoodReplication));
  }

  void check_min_insync(const TopicReport& topic) {
    const int factor = topic.description.replication_factor;
    const auto min_insync = number(find_config(topic, "min.insync.replicas"));
    if (!min_insync || facts_.cluster.brokers.size() < 2) return;
    if (*min_insync > factor) {
      note(topic, "min-insync", Severity::kError,
           fmt::format("min.insync.replicas is {} and the replication factor {}: no producer with acks=all can write",
                       *min_insync, factor));
    } else if (factor > 1 && *min_insync == factor) {
      note(topic, "min-insync", Severity::kWarning,
           fmt::format("min.insync.replicas is the replication factor, {}: while one broker is away nobody with "
                       "acks=all can write; set {}",
                       factor, factor - 1));
    } else if (factor >= static_cast<int>(kGoodReplication) && *min_insync == 1) {
      note(topic, "min-insync", Severity::kWarning,
           fmt::format("min.insync.replicas is 1 of {} replicas: set 2, so that what is acknowledged is on two brokers",
                       factor));
    }
  }

  void check_settings(const TopicReport& topic) {
    const auto* unclean = find_config(topic, "unclean.leader.election.enable");
    if (unclean != nullptr && unclean->value == "true" && topic.description.replication_factor > 1) {
      note(topic, "unclean-election", Severity::kError, "unclean.leader.election.enable is true: set it to false");
    }
    const auto* policy = find_config(topic, std::string(kCleanupPolicy));
    if (policy == nullptr || !is_compacted(policy->value)) return;
    if (policy->value.find("delete") != std::string::npos) {
      note(topic, "table-delete", Severity::kWarning,
           "it is compacted and its records are deleted by age: where it is the source of a table, set cleanup.policy "
           "to compact");
      return;
    }
    for (const char* name : {"retention.ms", "retention.bytes"}) {
      const auto* retention = find_config(topic, name);
      if (retention == nullptr || retention->source != kafka::ConfigSource::kTopic) continue;
      note(topic, "compacted-retention", Severity::kInfo,
           fmt::format("{} is set and does nothing while cleanup.policy is compact: reset it", name));
    }
  }

  void check_hot_partition(const TopicReport& topic) {
    std::vector<int64_t> bytes, records;
    for (const auto& partition : topic.description.partition_descriptions) {
      const auto size = topic.sizes.find(partition.id);
      bytes.push_back(size == topic.sizes.end() ? 0 : size->second.bytes);
      records.push_back(record_count(topic, partition.id));
    }
    const Share by_records = share_of(records), by_bytes = share_of(bytes);
    const bool has_most_records = by_records.is_hot() && by_records.total >= kMinRecords;
    const bool has_most_bytes = by_bytes.is_hot() && by_bytes.total >= kMinBytes;
    if (!has_most_records && !has_most_bytes) return;
    const Share& share = has_most_records ? by_records : by_bytes;
    const std::string amount =
        has_most_records ? fmt::format("{} offsets", share.largest) : byte_size_text(share.largest);
    note(topic, "hot-partition", Severity::kWarning,
         fmt::format(
             "partition {} has {} % of the topic ({}), the other {} {} each on average: few keys have most "
             "records, or one producer picks partitions itself",
             share.index, share.percent(), amount, share.parts - 1,
             has_most_records ? fmt::format("{}", share.mean_of_others()) : byte_size_text(share.mean_of_others())));
  }

  static int64_t record_count(const TopicReport& topic, kafka::PartitionId id) {
    const auto offsets = topic.offsets.find(id);
    if (offsets == topic.offsets.end() || !offsets->second.begin || !offsets->second.end) return 0;
    return *offsets->second.end - *offsets->second.begin;
  }

  void check_group(const kafka::GroupDescription& group) {
    if (group.protocol_type != "consumer" || group.has_unknown_members || group.state != "Stable") return;
    std::map<std::string, size_t> partitions;  // by topic
    size_t idle = 0;
    for (const kafka::GroupMember& member : group.members) {
      idle += member.assignment.empty();
      for (const auto& partition : member.assignment) ++partitions[partition.topic];
    }
    if (idle == 0 || partitions.empty()) return;
    // A group that elects one of its members, as schema registries do, has a topic that is its own.
    if (std::ranges::all_of(partitions, [](const auto& topic) { return topic.first.starts_with('_'); })) return;
    std::string topics;
    for (const auto& [topic, count] : partitions) {
      topics += fmt::format("{}{} with {}", topics.empty() ? "" : ", ", topic, counted(count, "partition"));
    }
    findings_.push_back(
        {.rule = find_check_rule("idle-members"),
         .severity = Severity::kWarning,
         .group = group.id,
         .message = fmt::format("group {}: {} of {} have no partition of {}: take members away, or give "
                                "the topic more partitions",
                                group.id, idle, counted(group.members.size(), "member"), topics)});
  }

  void check_leaders() {
    std::map<int32_t, int64_t> leaders;
    for (const kafka::Broker& broker : facts_.cluster.brokers) leaders[broker.id] = 0;
    for (const TopicReport& topic : facts_.topics) {
      for (const auto& partition : topic.description.partition_descriptions) {
        if (partition.leader && leaders.contains(*partition.leader)) ++leaders[*partition.leader];
      }
    }
    std::vector<int32_t> ids;
    std::vector<int64_t> counts;
    for (const auto& [id, count] : leaders) {
      ids.push_back(id);
      counts.push_back(count);
    }
    const Share share = share_of(counts);
    // With a few partitions on each broker, chance makes as much.
    constexpr int64_t kMinPerBroker = 4;
    if (!share.is_hot() || share.total < kMinPerBroker * static_cast<int64_t>(share.parts)) return;
    findings_.push_back({.rule = find_check_rule("uneven-leaders"),
                         .severity = Severity::kWarning,
                         .message = fmt::format("broker {} leads {} of {} partitions: elect the preferred leaders "
                                                "(kafka-leader-election), or spread the replicas",
                                                ids[share.index], share.largest, share.total)});
  }

  void note(const TopicReport& topic, std::string_view rule, Severity severity, const std::string& message) {
    findings_.push_back({.rule = find_check_rule(rule),
                         .severity = severity,
                         .topic = topic.description.name,
                         .message = fmt::format("topic {}: {}", topic.description.name, message)});
  }

  const ClusterFacts& facts_;
  std::vector<CheckFinding> findings_;
};

}  // namespace

std::span<const CheckRule> check_rules() { return kRules; }

const CheckRule* find_check_rule(std::string_view name) {
  const auto rule = std::ranges::find(kRules, name, &CheckRule::name);
  return rule == kRules.end() ? nullptr : &*rule;
}

std::vector<CheckFinding> check_cluster(const ClusterFacts& facts) { return Checker(facts).run(); }

Result<ClusterFacts> observe_cluster(const TopicSources& sources, const std::string& prefix) {
  ClusterFacts facts;
  auto cluster = sources.admin.describe_cluster();
  if (!cluster) return fail(std::move(cluster.error()));
  facts.cluster = *std::move(cluster);
  auto topics = sources.admin.list_topics(/*with_internal=*/true);
  if (!topics) return fail(std::move(topics.error()));
  std::erase_if(*topics, [&](const auto& topic) { return !topic.name.starts_with(prefix); });
  TopicReports observed = observe_topics(sources, *std::move(topics));
  facts.topics = std::move(observed.reports);
  facts.warnings = std::move(observed.warnings);
  const auto groups = sources.groups.list_groups();
  if (!groups) return facts;  // observe_topics has warned of it
  std::vector<std::string> ids;
  for (const kafka::GroupDescription& group : *groups) ids.push_back(group.id);
  for (auto& group : sources.groups.describe_groups(ids)) {
    if (group) facts.groups.push_back(*std::move(group));
  }
  return facts;
}

}  // namespace omashu::inspect
