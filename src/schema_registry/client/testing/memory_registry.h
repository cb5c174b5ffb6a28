// A registry in memory, for tests of what stands on the client: Confluent's semantics of ids and versions, without
// compatibility rules and without the parsing of schemas. Thread-safe.

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "schema_registry/client/client.h"

namespace omashu::schema_registry::testing {

class MemoryRegistry : public Client {
 public:
  // What each call does first: an error makes the call fail with it. The text is as "GET s/1", "POST s", "GET id 7".
  std::function<std::optional<Error>(const std::string& call)> intercept;
  bool has_guids = true;

  // The calls so far, in order.
  std::vector<std::string> calls() const EXCLUDES(mutex_);

  // The guid of an id: the id in hexadecimal as its last part.
  static std::string guid_of(SchemaId id);

  Result<void> wait_until_ready(std::chrono::milliseconds) override { return {}; }
  Result<std::vector<std::string>> subjects(bool with_deleted = false) override;
  Result<std::vector<int>> versions(const std::string& subject) override;
  Result<SubjectVersion> latest(const std::string& subject) override;
  Result<SubjectVersion> version(const std::string& subject, int version) override;
  Result<SchemaText> schema_by_id(SchemaId id) override;
  Result<SchemaText> schema_by_guid(const std::string& guid) override;
  Result<std::vector<SubjectAndVersion>> versions_of_id(SchemaId id) override;
  Result<std::vector<SchemaId>> referenced_by(const std::string& subject, int version) override;
  Result<SubjectVersion> lookup(const std::string& subject, const SchemaText& text, bool normalize) override;
  Result<SchemaId> register_schema(const std::string& subject, const SchemaText& text, bool normalize) override;
  Result<CompatibilityVerdict> check_compatibility(const std::string& subject, const SchemaText& text,
                                                   std::optional<int> version) override;
  Result<CompatibilityVerdict> check_compatibility_at_level(const std::string& subject,
                                                            const SchemaText& text) override;
  Result<std::string> compatibility_level(const std::string& subject) override;
  Result<std::optional<std::string>> own_compatibility_level(const std::string& subject) override;
  Result<void> clear_compatibility_level(const std::string& subject) override;
  Result<void> set_compatibility_level(const std::string& subject, const std::string& level) override;
  Result<std::string> mode(const std::string& subject) override;
  Result<std::vector<int>> delete_subject(const std::string& subject, bool permanent) override;
  Result<int> delete_version(const std::string& subject, int version, bool permanent) override;

  std::vector<Result<SchemaId>> register_all(std::span<const Registration> registrations, bool normalize) override;
  std::vector<Result<std::vector<int>>> versions_of_all(std::span<const std::string> subjects,
                                                        bool with_deleted = false) override;
  std::vector<Result<SubjectVersion>> latest_of_all(std::span<const std::string> subjects) override;
  std::vector<Result<SubjectVersion>> version_of_all(std::span<const SubjectAndVersion> versions) override;
  std::vector<Result<SubjectVersion>> referenced_versions(std::span<const SubjectAndVersion> versions) override;
  std::vector<Result<std::string>> compatibility_level_of_all(std::span<const std::string> subjects) override;
  std::vector<Result<std::string>> mode_of_all(std::span<const std::string> subjects) override;
  std::vector<Result<CompatibilityVerdict>> check_compatibility_of_all(
      std::span<const Registration> registrations) override;

 private:
  // Notes the call; the error where `intercept` wants one.
  std::optional<Error> note(const std::string& call) EXCLUDES(mutex_);
  SubjectVersion answer(const std::string& subject, int version, SchemaId id) const REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::vector<std::string> calls_ GUARDED_BY(mutex_);
  std::vector<SchemaText> texts_ GUARDED_BY(mutex_);  // by id - 1
  std::map<std::string, std::map<int, SchemaId>> subjects_ GUARDED_BY(mutex_);
  std::map<std::string, std::string> levels_ GUARDED_BY(mutex_);  // "" is the global one
};

}  // namespace omashu::schema_registry::testing
