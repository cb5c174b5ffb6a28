// A Kafka and a schema registry in memory, for tests: they keep what they are told, answer as the real ones do, and
// count their writes.

#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "kafka/admin.h"
#include "schema_registry/client/client.h"

namespace omashu::provision {

class FakeAdmin : public kafka::Admin {
 public:
  struct Topic {
    int partitions = 1;
    int replication_factor = 1;
    std::map<std::string, std::string> configs;  // set on the topic
  };

  std::string cluster_id = "fake";
  int brokers = 1;
  int default_partitions = 1;
  std::map<std::string, Topic> topics;
  std::map<std::string, Error> failures;  // by topic: what every write to it answers
  std::map<std::string, Error> refusals;  // by topic: what validate_only answers
  int writes = 0;                         // requests that were no validate_only
  int create_requests = 0;
  kafka::OngoingMoves moves;
  std::optional<int64_t> throttle;  // of the moves
  int trailing_reads = 0;           // so many describe_topics still show no topic at all

  Result<kafka::ClusterDescription> describe_cluster() override;
  Result<std::vector<kafka::TopicDescription>> list_topics(bool with_internal = false) override;
  std::vector<Result<kafka::TopicDescription>> describe_topics(std::span<const std::string> names) override;
  std::vector<Result<kafka::TopicConfigs>> describe_configs(std::span<const std::string> names,
                                                            std::span<const std::string> settings = {}) override;
  std::vector<Result<std::vector<kafka::LogDir>>> describe_log_dirs(
      std::span<const int32_t> asked, std::span<const kafka::TopicPartition> partitions) override;
  std::vector<Result<void>> create_topics(std::span<const kafka::NewTopic> wanted, bool validate_only) override;
  std::vector<Result<void>> create_partitions(std::span<const NewPartitions> wanted, bool validate_only) override;
  std::vector<Result<void>> alter_configs(std::span<const kafka::ConfigChange> wanted, bool validate_only) override;
  std::vector<Result<void>> delete_topics(std::span<const std::string> names) override;
  std::vector<Result<void>> move_replicas(std::span<const kafka::ReplicaMove> wanted) override;
  Result<kafka::OngoingMoves> ongoing_moves() override { return moves; }
  Result<void> throttle_moves(std::span<const int32_t>, std::optional<int64_t> bytes_per_second) override {
    throttle = bytes_per_second;
    return {};
  }
  Result<void> wait_until_ready(std::span<const std::string>, std::chrono::milliseconds) override { return {}; }

 private:
  Result<void> refusal(const std::string& topic, bool validate_only) const;
};

class FakeRegistry : public schema_registry::Client {
 public:
  using SchemaId = schema_registry::SchemaId;
  using SchemaText = schema_registry::SchemaText;
  using SubjectVersion = schema_registry::SubjectVersion;
  using CompatibilityVerdict = schema_registry::CompatibilityVerdict;

  std::map<std::string, std::map<int, SubjectVersion>> held;  // by subject and version, the living ones
  std::map<std::string, int> highest_version;                 // deleted ones count
  std::map<std::string, std::string> levels;                  // "" for all others
  std::map<std::string, std::string> modes;                   // "" for all others
  std::map<std::string, Error> failures;                      // by subject: what registering answers
  std::map<std::string, std::string> verdicts;  // by subject: why it calls a schema incompatible, whatever the level
  int writes = 0;
  std::vector<std::string> register_order;

  FakeRegistry() {
    levels[""] = "BACKWARD";
    modes[""] = "READWRITE";
  }

  // Registers as somebody else did, before the test.
  void put(const std::string& subject, const std::string& schema,
           std::vector<schema_registry::Reference> references = {});

  Result<void> wait_until_ready(std::chrono::milliseconds) override { return {}; }
  Result<std::vector<std::string>> subjects(bool with_deleted = false) override;
  Result<std::vector<int>> versions(const std::string& subject) override;
  Result<SubjectVersion> latest(const std::string& subject) override;
  Result<SubjectVersion> version(const std::string& subject, int number) override;
  Result<SchemaText> schema_by_id(SchemaId id) override;
  Result<SchemaText> schema_by_guid(const std::string& guid) override;
  Result<std::vector<SubjectAndVersion>> versions_of_id(SchemaId id) override;
  Result<std::vector<SchemaId>> referenced_by(const std::string& subject, int number) override;
  Result<SubjectVersion> lookup(const std::string& subject, const SchemaText& text, bool normalize) override;
  Result<SchemaId> register_schema(const std::string& subject, const SchemaText& text, bool normalize) override;
  Result<CompatibilityVerdict> check_compatibility(const std::string& subject, const SchemaText& text,
                                                   std::optional<int> number) override;
  Result<CompatibilityVerdict> check_compatibility_at_level(const std::string& subject,
                                                            const SchemaText& text) override;
  Result<std::string> compatibility_level(const std::string& subject) override;
  Result<std::optional<std::string>> own_compatibility_level(const std::string& subject) override;
  Result<void> clear_compatibility_level(const std::string& subject) override;
  Result<void> set_compatibility_level(const std::string& subject, const std::string& level) override;
  Result<std::string> mode(const std::string& subject) override;
  Result<std::vector<int>> delete_subject(const std::string& subject, bool permanent) override;
  Result<int> delete_version(const std::string& subject, int number, bool permanent) override;
  std::vector<Result<SchemaId>> register_all(std::span<const Registration> wanted, bool normalize) override;
  std::vector<Result<std::vector<int>>> versions_of_all(std::span<const std::string> names,
                                                        bool with_deleted = false) override;
  std::vector<Result<SubjectVersion>> latest_of_all(std::span<const std::string> names) override;
  std::vector<Result<SubjectVersion>> version_of_all(std::span<const SubjectAndVersion> wanted) override;
  std::vector<Result<SubjectVersion>> referenced_versions(std::span<const SubjectAndVersion> wanted) override;
  std::vector<Result<std::string>> compatibility_level_of_all(std::span<const std::string> names) override;
  std::vector<Result<std::string>> mode_of_all(std::span<const std::string> names) override;
  std::vector<Result<CompatibilityVerdict>> check_compatibility_of_all(std::span<const Registration> wanted) override;

 private:
  std::map<SchemaText, SchemaId> ids_;
};

}  // namespace omashu::provision
