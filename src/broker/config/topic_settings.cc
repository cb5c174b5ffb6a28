#include "broker/config/topic_settings.h"

#include <algorithm>

#include "base/topic_configs.h"

namespace omashu::broker {

namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kHourMs = 3'600'000;

constexpr SettingEffect kActs = SettingEffect::kActs;
constexpr SettingEffect kHolds = SettingEffect::kHolds;
constexpr SettingEffect kRemoved = SettingEffect::kRemoved;

constexpr std::string_view kNoReplication = "There is one node: nothing is replicated that could be throttled.";
constexpr std::string_view kNoRemoteStorage = "There is no remote storage.";

constexpr auto kTopicSettings = std::to_array<TopicSetting>({
    {kCleanupPolicy,
     kActs,
     {},
     "delete removes old segments by retention.ms and retention.bytes, compact keeps the latest record of each key; "
     "both may be given.",
     {{{"log.cleanup.policy"}}}},
    {"compression.gzip.level",
     kActs,
     {},
     "The level at which compression.type=gzip compresses; -1 is zlib's default.",
     {{{"compression.gzip.level"}}}},
    {"compression.lz4.level",
     kActs,
     {},
     "The level at which compression.type=lz4 compresses. The default is lz4's fast mode, as in Kafka.",
     {{{"compression.lz4.level"}}}},
    {"compression.type",
     kActs,
     {},
     "producer keeps what producers send. With any other value, batches that come in another form are compressed anew "
     "before they are stored.",
     {{{"compression.type"}}}},
    {"compression.zstd.level",
     kActs,
     {},
     "The level at which compression.type=zstd compresses.",
     {{{"compression.zstd.level"}}}},
    {"delete.retention.ms",
     kActs,
     {},
     "How long compaction keeps a tombstone after it has first met it.",
     {{{"log.cleaner.delete.retention.ms"}}}},
    {"file.delete.delay.ms",
     kHolds,
     "0",
     "Files are deleted at once; whoever is reading one reads it to its end.",
     {{{"log.segment.delete.delay.ms"}}}},
    {"flush.messages",
     kActs,
     {},
     "After so many records a log is synced to the disk, and answers with acks=1 wait for it, too. acks=all waits for "
     "the disk in any case.",
     {{{"log.flush.interval.messages"}}}},
    {"flush.ms",
     kActs,
     {},
     "The longest that a record may wait before the log is synced to the disk.",
     {{{"log.flush.interval.ms"}, {"log.flush.scheduler.interval.ms"}}}},
    {"follower.replication.throttled.replicas", kHolds, "", kNoReplication},
    {"index.interval.bytes",
     kActs,
     {},
     "How many bytes of a segment lie between two entries of its indexes.",
     {{{"log.index.interval.bytes"}}}},
    {"leader.replication.throttled.replicas", kHolds, "", kNoReplication},
    {"local.retention.bytes",
     kHolds,
     "-2",
     "There is no remote storage: retention.bytes is for all there is.",
     {{{"log.local.retention.bytes"}}}},
    {"local.retention.ms",
     kHolds,
     "-2",
     "There is no remote storage: retention.ms is for all there is.",
     {{{"log.local.retention.ms"}}}},
    {"max.compaction.lag.ms",
     kActs,
     {},
     "The longest that a record of a compacted topic stays uncompacted.",
     {{{"log.cleaner.max.compaction.lag.ms"}}}},
    {"max.message.bytes",
     kActs,
     {},
     "The largest record batch that is accepted, as it is stored.",
     {{{"message.max.bytes"}}}},
    {"message.downconversion.enable", kRemoved, {}, "Kafka 4.0 removed it."},
    {"message.format.version", kRemoved, {}, "Kafka 4.0 removed it."},
    {"message.timestamp.after.max.ms",
     kActs,
     {},
     "How far a record's timestamp may lie ahead of the broker's clock. With LogAppendTime it does not matter.",
     {{{"log.message.timestamp.after.max.ms"}}}},
    {"message.timestamp.before.max.ms",
     kActs,
     {},
     "How far a record's timestamp may lie behind the broker's clock. With LogAppendTime it does not matter.",
     {{{"log.message.timestamp.before.max.ms"}}}},
    {"message.timestamp.difference.max.ms",
     kRemoved,
     {},
     "Kafka 4.0 removed it: use message.timestamp.before.max.ms and message.timestamp.after.max.ms."},
    {"message.timestamp.type",
     kActs,
     {},
     "CreateTime keeps the timestamps of producers, LogAppendTime puts the broker's in their place.",
     {{{"log.message.timestamp.type"}}}},
    {"min.cleanable.dirty.ratio",
     kActs,
     {},
     "A log is compacted once this part of it has come since the last time.",
     {{{"log.cleaner.min.cleanable.ratio"}}}},
    {"min.compaction.lag.ms",
     kActs,
     {},
     "The shortest that a record of a compacted topic stays uncompacted.",
     {{{"log.cleaner.min.compaction.lag.ms"}}}},
    {"min.insync.replicas",
     kHolds,
     "1",
     "There is one replica of each partition. --accept-any-replication-factor takes any value for 1.",
     {{{"min.insync.replicas"}}}},
    {"preallocate", kHolds, "false", "A segment's file grows as records come.", {{{"log.preallocate"}}}},
    {"remote.copy.lag.bytes", kHolds, "0", kNoRemoteStorage},
    {"remote.copy.lag.ms", kHolds, "0", kNoRemoteStorage},
    {"remote.log.copy.disable", kHolds, "false", kNoRemoteStorage},
    {"remote.log.delete.on.disable", kHolds, "false", kNoRemoteStorage},
    {"remote.storage.enable", kHolds, "false", kNoRemoteStorage},
    {"retention.bytes",
     kActs,
     {},
     "With cleanup.policy=delete: how large a partition's log may become before its oldest segment is deleted; -1 for "
     "no limit.",
     {{{"log.retention.bytes"}}}},
    {"retention.ms",
     kActs,
     {},
     "With cleanup.policy=delete: how old a segment's newest record may become before it is deleted; -1 for no limit.",
     {{{"log.retention.ms"}, {"log.retention.minutes", kMinuteMs}, {"log.retention.hours", kHourMs}}}},
    {"segment.bytes",
     kActs,
     {},
     "A segment that would become larger is closed, and the next one begun.",
     {{{"log.segment.bytes"}}}},
    {"segment.index.bytes",
     kActs,
     {},
     "A segment whose index would become larger is closed, and the next one begun.",
     {{{"log.index.size.max.bytes"}}}},
    {"segment.jitter.ms",
     kActs,
     {},
     "A segment is closed up to so much earlier than segment.ms says, so that not all are closed at once.",
     {{{"log.roll.jitter.ms"}, {"log.roll.jitter.hours", kHourMs}}}},
    {"segment.ms",
     kActs,
     {},
     "A segment that is older is closed, so that it can be deleted or compacted.",
     {{{"log.roll.ms"}, {"log.roll.hours", kHourMs}}}},
    {"unclean.leader.election.enable",
     kHolds,
     "false",
     "There is one replica of each partition: no other could be elected.",
     {{{"unclean.leader.election.enable"}}}},
});
static_assert(std::ranges::is_sorted(kTopicSettings, {}, &TopicSetting::name));

}  // namespace

std::span<const BrokerSynonym> TopicSetting::synonyms() const {
  const auto end = std::ranges::find(broker_synonyms, std::string_view(), &BrokerSynonym::name);
  return {broker_synonyms.begin(), end};
}

std::string_view TopicSetting::default_value() const {
  if (effect == SettingEffect::kHolds) return held_value;
  return find_topic_config(name)->default_value.value_or("");
}

std::span<const TopicSetting> topic_settings() { return kTopicSettings; }

const TopicSetting* find_topic_setting(std::string_view name) {
  const auto found = std::ranges::lower_bound(kTopicSettings, name, {}, &TopicSetting::name);
  return found == kTopicSettings.end() || found->name != name ? nullptr : &*found;
}

}  // namespace omashu::broker
