// A client of any Confluent-compatible schema registry: HTTP with keep-alive, requests in flight together, fail-over
// between several URLs, retries, and a cache. Thread-safe.
//
// Immutable answers (by id, by guid, by number) and look-ups by schema are cached, bounded; one request per key is in
// flight however many threads ask for it, and a failed look-up is remembered for `failure_ttl` only. Lists, "latest",
// levels and the `..._of_all` of them are asked anew each time.
//
// Errors name the call and its URL without credentials. Codes: kNotFound (404xx), kIncompatible (409), kInvalidArgument
// (422xx), kConflict (what must be done first was not), kUnauthorized (401, 403), kUnavailable and kTimeout (away or
// overloaded until the time was up), kInternal (what came is no registry's answer), kCancelled (the client was closed).

#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "omashu/result.h"
#include "schema_registry/types.h"

namespace omashu::schema_registry {

struct ClientOptions {
  // Each "http[s]://[user:password@]host[:port][/base/path]"; several may stand in one entry, separated by commas. They
  // are tried in order where one is away, and the one that answered last is asked first.
  std::vector<std::string> urls;
  std::string basic_auth_user_info;  // "user:password" for URLs that carry none; or
  std::string bearer_token;
  std::string ca_file, certificate_file, key_file, key_password;  // TLS, PEM
  std::chrono::milliseconds timeout{30'000};                      // of one call, retries included
  std::chrono::milliseconds attempt_timeout{10'000};              // of one request
  std::chrono::milliseconds connect_timeout{2'000};
  // Of one call as long as nobody has ever answered, and none of the URLs takes a connection: it is a wrong URL more
  // often than a server that is about to start. Not of wait_until_ready(). Absent: `timeout`.
  std::optional<std::chrono::milliseconds> unreachable_timeout;
  // Told on a thread of the client when a call begins (+1) and when it has ended (-1). Must not block.
  std::function<void(int change)> on_call;
  // Requests, and so connections, at once. Enough to hide a network's latency; more make registries slower, which write
  // one version at a time: 500 registrations took Apicurio on two cores 3 s with 1 to 8 in flight, 5 s with 32.
  int max_in_flight = 8;
  size_t max_response_bytes = size_t{64} << 20;

  // The wait before a repeated request: doubled each time, a random part of it taken.
  std::chrono::milliseconds first_backoff{100};
  std::chrono::milliseconds longest_backoff{5'000};

  size_t cache_capacity = 10'000;  // entries of each kind
  std::chrono::milliseconds failure_ttl{1'000};
  std::function<std::chrono::steady_clock::time_point()> clock = std::chrono::steady_clock::now;  // of failure_ttl
};

class Client {
 public:
  using SubjectAndVersion = schema_registry::SubjectAndVersion;

  static Result<std::unique_ptr<Client>> open(ClientOptions options);
  virtual ~Client() = default;  // calls under way fail with kCancelled

  // Waits until the registry answers, at most for `timeout`.
  virtual Result<void> wait_until_ready(std::chrono::milliseconds timeout) = 0;

  // `with_deleted`: those too that are deleted, and not for good.
  virtual Result<std::vector<std::string>> subjects(bool with_deleted = false) = 0;
  virtual Result<std::vector<int>> versions(const std::string& subject) = 0;

  virtual Result<SubjectVersion> latest(const std::string& subject) = 0;
  virtual Result<SubjectVersion> version(const std::string& subject, int version) = 0;
  virtual Result<SchemaText> schema_by_id(SchemaId id) = 0;
  virtual Result<SchemaText> schema_by_guid(const std::string& guid) = 0;
  virtual Result<std::vector<SubjectAndVersion>> versions_of_id(SchemaId id) = 0;
  virtual Result<std::vector<SchemaId>> referenced_by(const std::string& subject, int version) = 0;

  // The version under which this subject holds the schema (POST /subjects/{s}).
  virtual Result<SubjectVersion> lookup(const std::string& subject, const SchemaText& text, bool normalize) = 0;
  virtual Result<SchemaId> register_schema(const std::string& subject, const SchemaText& text, bool normalize) = 0;

  // Against the latest version where `version` is absent. A subject that does not exist is compatible with anything.
  virtual Result<CompatibilityVerdict> check_compatibility(const std::string& subject, const SchemaText& text,
                                                           std::optional<int> version) = 0;

  // Against as many of the subject's versions as the level in force asks for: what registering would do.
  virtual Result<CompatibilityVerdict> check_compatibility_at_level(const std::string& subject,
                                                                    const SchemaText& text) = 0;

  // The level in force for the subject: its own, else the global one. "" asks for the global one.
  virtual Result<std::string> compatibility_level(const std::string& subject) = 0;
  // The subject's own level; absent where the global one is in force.
  virtual Result<std::optional<std::string>> own_compatibility_level(const std::string& subject) = 0;
  // "" sets the global level.
  virtual Result<void> set_compatibility_level(const std::string& subject, const std::string& level) = 0;
  // Leaves the subject to the global level.
  virtual Result<void> clear_compatibility_level(const std::string& subject) = 0;
  // The mode in force for the subject, "" for the global one. kNotFound where the server has no modes.
  virtual Result<std::string> mode(const std::string& subject) = 0;

  // Soft; or for good where `permanent`, which needs a soft one before it. The versions, or the version, deleted.
  virtual Result<std::vector<int>> delete_subject(const std::string& subject, bool permanent) = 0;
  virtual Result<int> delete_version(const std::string& subject, int version, bool permanent) = 0;

  // The same calls for many subjects at once, answers in the order of the questions.
  struct Registration {
    std::string subject;
    SchemaText text;
  };
  // Always asks the registry, cached or not.
  virtual std::vector<Result<SchemaId>> register_all(std::span<const Registration> registrations, bool normalize) = 0;
  virtual std::vector<Result<std::vector<int>>> versions_of_all(std::span<const std::string> subjects,
                                                                bool with_deleted = false) = 0;
  virtual std::vector<Result<SubjectVersion>> latest_of_all(std::span<const std::string> subjects) = 0;
  virtual std::vector<Result<SubjectVersion>> version_of_all(std::span<const SubjectAndVersion> versions) = 0;
  // As version_of_all, soft-deleted versions included: what references of a schema that was read by its id may need.
  virtual std::vector<Result<SubjectVersion>> referenced_versions(std::span<const SubjectAndVersion> versions) = 0;
  virtual std::vector<Result<std::string>> compatibility_level_of_all(std::span<const std::string> subjects) = 0;
  virtual std::vector<Result<std::string>> mode_of_all(std::span<const std::string> subjects) = 0;
  virtual std::vector<Result<CompatibilityVerdict>> check_compatibility_of_all(
      std::span<const Registration> registrations) = 0;
};

}  // namespace omashu::schema_registry
